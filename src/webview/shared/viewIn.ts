/** The view in a message of the extension, when it is an object that has all of these lists; undefined for anything else. */
export function viewWith<View extends object>(lists: readonly (keyof View & string)[]): (message: unknown) => View | undefined {
  return (message) => {
    if (!isRecord(message) || message['type'] !== 'view' || !isRecord(message['view'])) return undefined;
    const { view } = message;
    return isRecord(view['labels']) && lists.every((name) => Array.isArray(view[name])) ? (view as unknown as View) : undefined;
  };
}

export const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
