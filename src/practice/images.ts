// The practice registry: it holds every image, except those whose name says
// that it does not exist, so that a typing error can be practised on purpose.

const reference =
  /^(?:[a-z0-9.-]+(?::\d+)?\/)?[a-z0-9]+(?:[._/-]+[a-z0-9]+)*(?::[\w][\w.-]{0,127}|:@vastai-automatic-tag)?(?:@sha256:[0-9a-f]{64})?$/i;
const absent = /no-such|nonexistent|does-not-exist|missing/;

/** The line a container runtime reports for an image it cannot pull, or null. */
export function pullProblem(image: string): string | null {
  if (!reference.test(image)) return `invalid reference format: "${image}"`;
  const slash = image.lastIndexOf('/');
  const colon = image.indexOf(':', slash + 1);
  const repository = colon < 0 ? image : image.slice(0, colon);
  const tag = colon < 0 ? 'latest' : image.slice(colon + 1);
  if (absent.test(repository)) return `pull access denied for ${repository}, repository does not exist or may require 'docker login'`;
  if (absent.test(tag)) return `manifest for ${repository}:${tag} not found: manifest unknown`;
  return null;
}
