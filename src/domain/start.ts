/**
 * What a machine is started with. The image decides what runs there; environment and command only matter where the
 * image's author wrote it to need them.
 */
export interface Start {
  readonly image: string;
  /** As people know it; absent for an image by its name alone. */
  readonly name?: string;
  /** Where it listens inside the machine, once it runs; reached through SSH, never opened to the world. */
  readonly ports: readonly number[];
  readonly env?: Readonly<Record<string, string>>;
  /** What starts the image's own services where the provider's way of starting a machine leaves them out. */
  readonly command?: string;
  /** The tool it is called after is not in the image: what installs it, by the tool's own documentation. */
  readonly install?: string;
  /** Its variables may hold somebody's secrets: it is kept nowhere. */
  readonly private?: boolean;
}

/** One of a provider's own list of starts. */
export interface StartTemplate extends Start {
  readonly name: string;
  /** GB that its author recommends; never more than a suggestion. */
  readonly diskGb?: number;
  readonly by: 'you' | 'provider' | 'community';
  /** Its author's start script cannot be sent along: the image starts without it. */
  readonly withoutScript: boolean;
}

export interface TemplatePage {
  readonly templates: readonly StartTemplate[];
  readonly dropped: number;
  /** True when the provider has more than it was asked for. */
  readonly more: boolean;
}

/** Docker's own grammar, and the one tag of Vast's that is none: it stands for the newest build a machine can run. */
const component = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*';
const label = '[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?';
/** A registry's host: with a dot or a port, or it is the first part of a name at Docker's own. */
const registry = `(?:localhost|${label}(?:\\.${label})+|${label}(?=:))(?::\\d{1,5})?`;
const imagePattern = new RegExp(
  `^(?:${registry}/)?${component}(?:/${component})*(?::(?:\\w[\\w.-]{0,127}|@vastai-automatic-tag))?(?:@sha256:[a-f0-9]{64})?$`,
);

/**
 * Whether a container runtime could take it for an image's name; whether there is one of that name, only a pull shows.
 * A tag may hold two dots in a row and never does; whatever reads it as a path is spared them.
 */
export const isImage = (text: string): boolean => text.length <= 255 && !text.includes('..') && imagePattern.test(text);

/** Both say which words a template has to contain; none asks for all. */
export function templateMatches({ name, image }: Pick<StartTemplate, 'name' | 'image'>, query: string): boolean {
  const text = `${name} ${image}`.toLowerCase();
  return query.toLowerCase().split(/\s+/).every((word) => text.includes(word));
}
