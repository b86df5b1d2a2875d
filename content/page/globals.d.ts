/** Of workerd; types that the page shares with the Worker lead here. */
declare const scheduler: { wait(ms: number): Promise<void> };
