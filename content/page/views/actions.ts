/** What a view may ask for. */
import type { Place } from "#content/page/picture/layout.ts";
import type { Tab, Variant } from "#content/page/state.ts";

export interface Actions {
  back(): void;
  step(): void;
  /** Lets the cluster's clock run, or stops it. */
  play(): void;
  speed(speed: number): void;
  show(beat: number): void;
  open(place: Place): void;
  openObject(obj: string): void;
  close(): void;
  tab(tab: Tab): void;
  shell(name: string): void;
  variant(variant: Variant): void;
  run(source: string): void;
  copy(text: string): void;
  answer(name: string, value: string): void;
  theme(): void;
  retry(): void;
}
