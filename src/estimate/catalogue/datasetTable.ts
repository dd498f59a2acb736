/**
 * Samples as the sets' own pages state them. `~` in a comment marks figures that are means of a sample or rounded by
 * their publishers. A set's first row is what is meant when nobody names a split.
 */
/** One split of one subset of a set. */
export interface DatasetRow {
  readonly names: readonly string[];
  readonly subset?: string;
  readonly split: string;
  readonly samples: number;
  readonly tokensPerSample?: number;
}

type Sizes = readonly (readonly [split: string, samples: number])[];

const set = (names: string, sizes: Sizes, tokensPerSample?: number, subset?: string): readonly DatasetRow[] =>
  sizes.map(([split, samples]) => ({
    names: names.split(' '), split, samples,
    ...(subset === undefined ? {} : { subset }), ...(tokensPerSample === undefined ? {} : { tokensPerSample }),
  }));

// Tokens ~: instruction sets vary with the template around them.
const instructions: readonly DatasetRow[] = [
  ...set('tatsu-lab/alpaca alpaca alpaca_data stanford_alpaca', [['train', 52_002]], 110),
  ...set('yahma/alpaca-cleaned alpaca-cleaned unsloth/alpaca-cleaned alpaca_cleaned alpaca_data_cleaned', [['train', 51_760]], 160),
  ...set('vicgalle/alpaca-gpt4 alpaca-gpt4 llm-wizard/alpaca-gpt4-data', [['train', 52_002]], 190),
  ...set('teknium/GPT4-LLM-Cleaned gpt4-llm-cleaned', [['train', 54_568]], 190),
  ...set('mhenrichsen/alpaca_2k_test alpaca_2k_test', [['train', 2_000]], 110),
  ...set('databricks/databricks-dolly-15k databricks-dolly-15k dolly-15k', [['train', 15_011]], 190),
  ...set('OpenAssistant/oasst1 oasst1', [['train', 84_437], ['validation', 4_401]]),
  ...set('timdettmers/openassistant-guanaco openassistant-guanaco', [['train', 9_846], ['test', 518]], 430),
  ...set('mlabonne/guanaco-llama2-1k guanaco-llama2-1k', [['train', 1_000]], 430),
  ...set('HuggingFaceH4/ultrachat_200k ultrachat_200k', [['train_sft', 207_865], ['test_sft', 23_110], ['train_gen', 256_032], ['test_gen', 28_304]], 1_200),
  ...set('HuggingFaceH4/ultrafeedback_binarized ultrafeedback_binarized', [['train_prefs', 61_135], ['test_prefs', 2_000], ['train_sft', 61_135], ['test_sft', 1_000], ['train_gen', 61_135], ['test_gen', 1_000]]),
  ...set('teknium/OpenHermes-2.5 openhermes-2.5', [['train', 1_001_551]], 430),
  ...set('teknium/openhermes openhermes', [['train', 242_831]]),
  ...set('Open-Orca/SlimOrca slimorca', [['train', 517_982]], 400),
  ...set('Open-Orca/OpenOrca openorca', [['train', 4_233_923]]),
  ...set('HuggingFaceH4/no_robots no_robots', [['train', 9_500], ['test', 500]]),
  ...set('mlabonne/FineTome-100k finetome-100k', [['train', 100_000]]),
  ...set('GAIR/lima lima', [['train', 1_030]]),
  ...set('garage-bAInd/Open-Platypus open-platypus', [['train', 24_926]]),
  ...set('WizardLM/WizardLM_evol_instruct_V2_196k', [['train', 143_000]]),
  ...set('sahil2801/CodeAlpaca-20k codealpaca-20k', [['train', 20_022]], 110),
  ...set('iamtarun/python_code_instructions_18k_alpaca python_code_instructions_18k_alpaca', [['train', 18_612]]),
  ...set('allenai/tulu-3-sft-mixture tulu-3-sft-mixture', [['train', 939_343]]),
  ...set('Anthropic/hh-rlhf hh-rlhf', [['train', 160_800], ['test', 8_552]]),
  ...set('trl-lib/Capybara capybara ldjnr/capybara', [['train', 15_806], ['test', 200]]),
  ...set('stanfordnlp/SHP shp', [['train', 348_718]]),
  ...set('samsum Samsung/samsum knkarthick/samsum', [['train', 14_732], ['validation', 818], ['test', 819]], 150),
  ...set('b-mc2/sql-create-context sql-create-context', [['train', 78_577]]),
];

const reasoning: readonly DatasetRow[] = [
  ...set('openai/gsm8k gsm8k', [['train', 7_473], ['test', 1_319]], 190),
  ...set('meta-math/MetaMathQA metamathqa', [['train', 395_000]], 210),
  ...set('AI-MO/NuminaMath-CoT numinamath-cot', [['train', 859_494], ['test', 100]]),
  ...set('AI-MO/NuminaMath-TIR numinamath-tir', [['train', 72_441], ['test', 99]]),
  ...set('open-r1/OpenR1-Math-220k openr1-math-220k', [['train', 93_733]]),
  ...set('open-thoughts/OpenThoughts-114k openthoughts-114k', [['train', 113_957]]),
  ...set('simplescaling/s1K s1k', [['train', 1_000]]),
  ...set('unsloth/OpenMathReasoning-mini openmathreasoning-mini', [['cot', 19_252]]),
];

const glue = 'nyu-mll/glue glue';
const understanding: readonly DatasetRow[] = [
  ...set(glue, [['train', 3_668], ['validation', 408], ['test', 1_725]], 53, 'mrpc'),
  ...set(glue, [['train', 8_551], ['validation', 1_043], ['test', 1_063]], 11, 'cola'),
  ...set(glue, [['train', 67_349], ['validation', 872], ['test', 1_821]], 14, 'sst2'),
  ...set(glue, [['train', 363_846], ['validation', 40_430], ['test', 390_965]], 30, 'qqp'),
  ...set(glue, [['train', 5_749], ['validation', 1_500], ['test', 1_379]], 31, 'stsb'),
  ...set(glue, [['train', 392_702], ['validation_matched', 9_815], ['validation_mismatched', 9_832]], 39, 'mnli'),
  ...set(glue, [['train', 104_743], ['validation', 5_463], ['test', 5_463]], 50, 'qnli'),
  ...set(glue, [['train', 2_490], ['validation', 277], ['test', 3_000]], 70, 'rte'),
  ...set(glue, [['train', 635], ['validation', 71], ['test', 146]], 37, 'wnli'),
  ...set('rajpurkar/squad squad', [['train', 87_599], ['validation', 10_570]], 170),
  ...set('rajpurkar/squad_v2 squad_v2', [['train', 130_319], ['validation', 11_873]], 170),
  ...set('stanfordnlp/imdb imdb', [['train', 25_000], ['test', 25_000], ['unsupervised', 50_000]], 300),
  ...set('fancyzhx/ag_news ag_news', [['train', 120_000], ['test', 7_600]], 52),
  ...set('Yelp/yelp_review_full yelp_review_full', [['train', 650_000], ['test', 50_000]], 180),
  ...set('dair-ai/emotion emotion', [['train', 16_000], ['validation', 2_000], ['test', 2_000]], 22, 'split'),
  ...set('dair-ai/emotion emotion', [['train', 16_000], ['validation', 2_000], ['test', 2_000]], 22),
  ...set('cornell-movie-review-data/rotten_tomatoes rotten_tomatoes', [['train', 8_530], ['validation', 1_066], ['test', 1_066]], 27),
  ...set('eriktks/conll2003 conll2003', [['train', 14_041], ['validation', 3_250], ['test', 3_453]], 20),
  ...set('abisee/cnn_dailymail cnn_dailymail', [['train', 287_113], ['validation', 13_368], ['test', 11_490]], 950, '3.0.0'),
  ...set('EdinburghNLP/xsum xsum', [['train', 204_045], ['validation', 11_332], ['test', 11_334]], 480),
  ...set('Helsinki-NLP/opus_books opus_books', [['train', 127_085]], 60, 'en-fr'),
];

// Documents of whole crawls; tokens ~ are all tokens over all documents, as published.
const corpora: readonly DatasetRow[] = [
  ...set('Salesforce/wikitext wikitext', [['train', 36_718], ['validation', 3_760], ['test', 4_358]], 66, 'wikitext-2-raw-v1'),
  ...set('Salesforce/wikitext wikitext', [['train', 36_718], ['validation', 3_760], ['test', 4_358]], 66, 'wikitext-2-v1'),
  ...set('Salesforce/wikitext wikitext', [['train', 1_801_350], ['validation', 3_760], ['test', 4_358]], 66, 'wikitext-103-raw-v1'),
  ...set('Salesforce/wikitext wikitext', [['train', 1_801_350], ['validation', 3_760], ['test', 4_358]], 66, 'wikitext-103-v1'),
  ...set('Skylion007/openwebtext openwebtext', [['train', 8_013_769]], 1_128),
  ...set('allenai/c4 c4', [['train', 364_868_892], ['validation', 364_608]], 430, 'en'),
  ...set('HuggingFaceFW/fineweb-edu fineweb-edu', [['train', 9_672_101]], 1_030, 'sample-10BT'),
  ...set('HuggingFaceFW/fineweb-edu fineweb-edu', [['train', 97_270_686]], 1_030, 'sample-100BT'),
  ...set('HuggingFaceFW/fineweb fineweb', [['train', 14_868_862]], 690, 'sample-10BT'),
  ...set('roneneldan/TinyStories tinystories', [['train', 2_119_719], ['validation', 21_990]], 220),
  ...set('legacy-datasets/wikipedia wikimedia/wikipedia wikipedia', [['train', 6_407_814]], 690, '20231101.en'),
  // One text: 1,115,394 characters, of which the training part is so many tokens of GPT-2.
  ...set('karpathy/tiny_shakespeare tiny_shakespeare tinyshakespeare', [['train', 1]], 301_966),
];

const images: readonly DatasetRow[] = [
  ...set('ylecun/mnist mnist', [['train', 60_000], ['test', 10_000]]),
  ...set('zalando-datasets/fashion_mnist fashion_mnist fashionmnist', [['train', 60_000], ['test', 10_000]]),
  ...set('uoft-cs/cifar10 cifar10 cifar-10', [['train', 50_000], ['test', 10_000]]),
  ...set('uoft-cs/cifar100 cifar100 cifar-100', [['train', 50_000], ['test', 10_000]]),
  ...set('svhn', [['train', 73_257], ['test', 26_032]]),
  ...set('stl10', [['train', 5_000], ['test', 8_000]]),
  ...set('ILSVRC/imagenet-1k imagenet-1k imagenet imagenet1k ilsvrc2012', [['train', 1_281_167], ['validation', 50_000], ['val', 50_000]]),
  ...set('zh-plus/tiny-imagenet tiny-imagenet tiny-imagenet-200', [['train', 100_000], ['valid', 10_000]]),
  ...set('imagenette frgfm/imagenette imagenette2', [['train', 9_469], ['validation', 3_925]]),
  ...set('ethz/food101 food101', [['train', 75_750], ['validation', 25_250]]),
  ...set('AI-Lab-Makerere/beans beans', [['train', 1_034], ['validation', 133], ['test', 128]]),
  ...set('nelorth/oxford-flowers oxford-flowers', [['train', 7_169], ['test', 1_020]]),
  ...set('coco detection-datasets/coco coco2017 coco_2017', [['train', 118_287], ['val', 5_000], ['validation', 5_000]]),
  ...set('coco128', [['train', 128]]), ...set('coco8', [['train', 4], ['val', 4]]),
  ...set('voc pascal_voc VOC2012', [['train', 5_717], ['val', 5_823], ['trainval', 11_540]]),
  ...set('scene_parse_150 ade20k ADEChallengeData2016', [['train', 20_210], ['validation', 2_000]]),
  ...set('cityscapes', [['train', 2_975], ['val', 500]]),
  ...set('celeba', [['train', 162_770], ['validation', 19_867], ['test', 19_962]]),
];

const generation: readonly DatasetRow[] = [
  ...set('lambdalabs/naruto-blip-captions naruto-blip-captions', [['train', 1_221]]),
  ...set('lambdalabs/pokemon-blip-captions pokemon-blip-captions diffusers/pokemon-gpt4-captions', [['train', 833]]),
  ...set('huggan/smithsonian_butterflies_subset smithsonian_butterflies_subset', [['train', 1_000]]),
  ...set('huggan/flowers-102-categories', [['train', 8_189]]),
  ...set('huggan/CelebA-HQ', [['train', 30_000]]),
];

const speech: readonly DatasetRow[] = [
  ...set('mozilla-foundation/common_voice_11_0 common_voice_11_0', [['train', 4_361], ['validation', 2_179], ['test', 2_894]], undefined, 'hi'),
  ...set('openslr/librispeech_asr librispeech_asr librispeech', [['train.100', 28_539], ['train.360', 104_014], ['validation', 2_703], ['test', 2_620]], undefined, 'clean'),
  ...set('openslr/librispeech_asr librispeech_asr librispeech', [['train.500', 148_688], ['validation', 2_864], ['test', 2_939]], undefined, 'other'),
  ...set('keithito/lj_speech lj_speech ljspeech', [['train', 13_100]]),
  ...set('PolyAI/minds14 minds14', [['train', 563]], undefined, 'en-US'),
  ...set('google/speech_commands speech_commands', [['train', 84_848], ['validation', 9_982], ['test', 4_890]], undefined, 'v0.02'),
];

const imagesWithText: readonly DatasetRow[] = [
  ...set('liuhaotian/LLaVA-v1.5-mix665k llava_v1_5_mix665k', [['train', 665_298]]),
  ...set('liuhaotian/LLaVA-Instruct-150K llava-instruct-150k llava_instruct_150k', [['train', 157_712]]),
  ...set('liuhaotian/LLaVA-Pretrain blip_laion_cc_sbu_558k', [['train', 558_128]]),
  ...set('trl-lib/llava-instruct-mix HuggingFaceH4/llava-instruct-mix-vsft llava-instruct-mix-vsft', [['train', 259_155], ['test', 13_640]]),
  ...set('unsloth/LaTeX_OCR latex_ocr', [['train', 68_686], ['test', 7_632]]),
];

export const datasetRows: readonly DatasetRow[] = [
  ...instructions, ...reasoning, ...understanding, ...corpora, ...images, ...generation, ...speech, ...imagesWithText,
];
