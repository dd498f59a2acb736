// A vendor's published contract as a judge of answers. It is not part of
// this repository: it is read from the reference folder beside the checkout.
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';

const reference = new URL('../../../shared/reference/', import.meta.url);

export interface Contract {
  /** Every operation as 'METHOD /path'. */
  readonly operations: readonly string[];
  /** What is wrong with an answer of an operation, or null. */
  answerProblem(operation: string, answer: { readonly status: number; readonly contentType: string | null; readonly body: unknown }): string | null;
  /** What is wrong with the JSON body of a request of an operation, or null. */
  bodyProblem(operation: string, body: unknown): string | null;
  /** What is wrong with a value of a named schema, or null. */
  schemaProblem(schema: string, value: unknown): string | null;
}

/** A file of the reference folder; undefined when it is not there. */
export function readReference(name: string): unknown {
  try {
    return JSON.parse(readFileSync(new URL(name, reference), 'utf8'));
  } catch {
    return undefined;
  }
}

/** undefined when the contract is not there. */
export function loadContract(file = 'runpod-openapi-v2.json'): Contract | undefined {
  const document = readReference(file);
  if (typeof document !== 'object' || document === null) return undefined;
  const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: true });
  ajv.addFormat('date-time', (text) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text) && !Number.isNaN(Date.parse(text)));
  for (const name of ['password', 'ipv4network']) ajv.addFormat(name, true);
  ajv.addFormat('uri', (text) => URL.canParse(text));
  for (const name of ['float', 'double']) ajv.addFormat(name, { type: 'number', validate: Number.isFinite });
  ajv.addSchema(document, 'contract');

  const at = (...path: readonly string[]): unknown => path.reduce<unknown>((value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined), document);

  function check(pointer: string, value: unknown): string | null {
    const validate = ajv.getSchema(`contract#${pointer}`);
    if (validate === undefined) throw new Error(`the contract has nothing at ${pointer}`);
    return validate(value) === true ? null : ajv.errorsText(validate.errors, { separator: '\n' });
  }

  const paths = at('paths');
  const operations = Object.keys(paths ?? {}).flatMap((path) => Object.keys(at('paths', path) ?? {}).filter((method) => at('paths', path, method, 'responses') !== undefined).map((method) => `${method.toUpperCase()} ${path}`));

  return {
    operations,
    schemaProblem: (schema, value) => check(`/components/schemas/${schema}`, value),
    bodyProblem(operation, body) {
      const [method = '', path = ''] = operation.split(' ');
      return check(pointerTo('paths', path, method.toLowerCase(), 'requestBody', 'content', 'application/json', 'schema'), body);
    },
    answerProblem(operation, { status, contentType, body }) {
      const [method = '', path = ''] = operation.split(' ');
      const responses = ['paths', path, method.toLowerCase(), 'responses'];
      if (at(...responses) === undefined) return `the contract has no ${operation}`;
      const listed = at(...responses, String(status)) === undefined ? 'default' : String(status);
      const shared = at(...responses, listed, '$ref');
      const place = typeof shared === 'string' ? shared.slice(2).split('/') : [...responses, listed];
      const content = at(...place, 'content');
      if (content === undefined) return body === undefined ? null : 'a body where the contract has none';
      const type = contentType?.split(';')[0] ?? '';
      if (at(...place, 'content', type) === undefined) return `content type ${type}, the contract has ${Object.keys(content ?? {}).join()}`;
      return check(pointerTo(...place, 'content', type, 'schema'), body);
    },
  };
}

const pointerTo = (...path: readonly string[]): string =>
  `/${path.map((part) => part.replaceAll('~', '~0').replaceAll('/', '~1')).map(encodeURIComponent).join('/')}`;
