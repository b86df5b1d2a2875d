/** Why curl gives up. Upstream: curl 8 include/curl/curl.h CURLcode. */
export class Failure {
  readonly code: number;
  readonly text: string;
  constructor(code: number, text: string) {
    this.code = code;
    this.text = text;
  }
}
