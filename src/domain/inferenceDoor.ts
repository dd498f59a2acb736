/** A service that answers prompts by a key, as OpenAI's interface has it. Nothing is rented by it. */
export interface InferenceDoor {
  /** Where a client of that interface is pointed at. */
  readonly baseUrl: string;
  /** The models that this key may ask; `away` where the key is good and the computer behind it does not answer. */
  models(key: string, signal?: AbortSignal): Promise<readonly string[] | 'away'>;
}
