/** One way to append an event to the writer's stream. */
export interface Appender {
  readonly name: string;
  append(writer: number): Promise<void>;
  close(): Promise<void>;
}
