/** The Hugging Face Hub, asked only when a person says so: names of models and data sets go there, and nothing else. */
export interface HubSplit {
  readonly config: string;
  readonly split: string;
  readonly rows: number;
}

export interface Hub {
  /** The `config.json` of a model as text; undefined where there is none, or none that may be read without a key. */
  config(model: string, signal?: AbortSignal): Promise<string | undefined>;
  /** How many rows each split of a data set has; undefined where nobody has counted them. */
  splits(dataset: string, signal?: AbortSignal): Promise<readonly HubSplit[] | undefined>;
}
