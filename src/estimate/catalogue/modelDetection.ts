/**
 * Detectors and segmenters. YOLO's makers state FLOPs, which are two for each multiply-accumulate; torchvision and
 * Meta state multiply-accumulates.
 */
import { bareModels, imageModels, type ImageRow, type ModelEntry } from './modelEntry.ts';

/** Sizes of one YOLO line: letter, millions of parameters, GFLOPs at 640 pixels. */
const yolo = (line: string, also: string, sizes: readonly (readonly [letter: string, paramsM: number, gflops: number])[], after = ''): readonly ImageRow[] =>
  sizes.map(([letter, paramsM, gflops]) => [`${line}${letter}${after} ${also}${letter}${after}`, paramsM, gflops / 2, 640]);

const measured = imageModels([
  ...yolo('yolov5', 'yolov5', [['n', 1.9, 4.5], ['s', 7.2, 16.5], ['m', 21.2, 49], ['l', 46.5, 109.1], ['x', 86.7, 205.7]]),
  ...yolo('yolov8', 'yolo8', [['n', 3.2, 8.7], ['s', 11.2, 28.6], ['m', 25.9, 78.9], ['l', 43.7, 165.2], ['x', 68.2, 257.8]]),
  ...yolo('yolov8', 'yolo8', [['n', 3.4, 12.6], ['s', 11.8, 42.6], ['m', 27.3, 110.2], ['l', 46, 220.5], ['x', 71.8, 344.1]], '-seg'),
  ...yolo('yolov10', 'yolo10', [['n', 2.3, 6.7], ['s', 7.2, 21.6], ['m', 15.4, 59.1], ['b', 19.1, 92], ['l', 24.4, 120.3], ['x', 29.5, 160.4]]),
  ...yolo('yolo11', 'yolov11', [['n', 2.6, 6.5], ['s', 9.4, 21.5], ['m', 20.1, 68], ['l', 25.3, 86.9], ['x', 56.9, 194.9]]),
  ...yolo('yolo11', 'yolov11', [['n', 2.9, 10.4], ['s', 10.1, 35.5], ['m', 22.4, 123.3], ['l', 27.6, 142.2], ['x', 62.1, 319]], '-seg'),
  ...yolo('yolo12', 'yolov12', [['n', 2.6, 6.5], ['s', 9.3, 21.4], ['m', 20.2, 67.5], ['l', 26.4, 88.9], ['x', 59.1, 199]]),
  ['efficientdet_d0 tf_efficientdet_d0', 3.9, 2.54, 512],
  ['yolov7', 36.9, 52.4, 640],
  ['rtdetr-l rt-detr-l', 32, 51.7, 640], ['rtdetr-x rt-detr-x', 67, 111.3, 640],
  ['fasterrcnn_resnet50_fpn faster_rcnn_r50_fpn faster-rcnn_r50_fpn faster_rcnn_R_50_FPN', 41.8, 134.4, 800],
  ['fasterrcnn_resnet50_fpn_v2', 43.7, 280.4, 800],
  ['maskrcnn_resnet50_fpn mask_rcnn_r50_fpn mask-rcnn_r50_fpn mask-r-cnn-r50-fpn mask_rcnn_R_50_FPN', 44.4, 134.4, 800],
  ['maskrcnn_resnet50_fpn_v2', 46.4, 333.6, 800],
  ['keypointrcnn_resnet50_fpn', 59.1, 137.4, 800],
  ['retinanet_resnet50_fpn retinanet_r50_fpn retinanet_R_50_FPN', 34, 151.5, 800],
  ['retinanet_resnet50_fpn_v2', 38.2, 152.2, 800],
  ['fcos_resnet50_fpn', 32.3, 128.2, 800],
  ['ssd300_vgg16', 35.6, 34.9, 300], ['ssdlite320_mobilenet_v3_large', 3.4, 0.58, 320],
  ['facebook/detr-resnet-50', 41.3, 86, 800], ['facebook/detr-resnet-101', 60.2, 152, 800],
  ['deeplabv3_resnet50', 42, 178.7, 520], ['deeplabv3_resnet101', 61, 258.7, 520],
  ['fcn_resnet50', 35.3, 152.7, 520], ['fcn_resnet101', 54.3, 232.7, 520],
  ['lraspp_mobilenet_v3_large', 3.2, 2.09, 520],
]);

const bare = bareModels([
  ['ssd300_resnet50', 22.9, { resolution: 300 }],
  ['facebook/sam-vit-base sam_vit_b', 93.7, { resolution: 1024 }],
  ['facebook/sam-vit-large sam_vit_l', 312.3, { resolution: 1024 }],
  ['facebook/sam-vit-huge sam_vit_h', 641.1, { resolution: 1024 }],
  ['nvidia/mit-b0 segformer-b0', 3.8, { resolution: 512 }],
  ['nvidia/mit-b5 segformer-b5', 84.7, { resolution: 640 }],
]);

export const detectionModels: readonly ModelEntry[] = [...measured, ...bare];
