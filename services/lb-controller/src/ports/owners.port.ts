/** What the log says of hosts, as the orchestrators tell it. */
export interface Owners {
  /** Resolves when it was heard lately, so that the fence knows of every newer claim; rejects with `lb.owners-unknown` when nobody tells. */
  known(): Promise<void>;
  /** Hears it anew, and tells whether somebody still asks for the host to be out under this claim. */
  asksFor(host: string, epoch: number): Promise<boolean>;
  /** Whether the host is still to be out. When nobody tells: yes, for nobody can have asked for anything else. */
  keepsOut(host: string): Promise<boolean>;
}
