/** A program on a machine that has a page: found running there, or started. */
export interface WebServer {
  /** On the machine. */
  readonly port: number;
  readonly pid: number;
  readonly secure: boolean;
  /** What its addresses begin with, without a slash at the end. */
  readonly basePath: string;
  /** Lets its bearer do everything on the machine: it stands in no log, no argument and no address that may be kept. */
  readonly token?: string;
  /** What it shows, as the machine has it. */
  readonly folder?: string;
}
