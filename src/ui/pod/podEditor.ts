export interface PodPlace {
  /** Of the machine. */
  readonly alias: string;
  readonly path: string;
}

/** What the built-in workspace needs of the editor. */
export interface PodEditor {
  /** Folders of this window that lie on machines. */
  readonly folders: readonly PodPlace[];
  /** As a workspace that is called `name`. */
  openFolder(place: PodPlace, name: string, newWindow: boolean): Promise<void>;
  /** Lets a person choose a file below it, and opens that. */
  pickFile(place: PodPlace): Promise<void>;
  show(place: PodPlace, line: number): Promise<void>;
  /** For an explorer that could not be filled. */
  refreshExplorer(): Promise<void>;
}
