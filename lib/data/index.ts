// Image data sets: loading, parts of them, normalisation, and batches on the device with augmentation.
export type { Dataset } from "./dataset.js";
export type { DatasetDescription, DatasetName } from "./catalogue.js";
export { catalogue } from "./catalogue.js";
export { load, type LoadOptions } from "./load.js";
export { firstOfEachClass, splitValidation, subset } from "./subset.js";
export { downsample } from "./downsample.js";
export { channelStatistics, type ChannelStatistics } from "./normalise.js";
export { padCropFlip, type Augmentation } from "./augment.js";
export { photographs, pictureFrom, square, type Photograph, type PhotographsOptions } from "./photographs.js";
export type { DecodePngOptions, Picture } from "../files/png.js";
export { batches, type BatchesOptions, type DeviceBatches } from "./batches.js";
export { mixSources, type MixSourcesOptions } from "./mix.js";
