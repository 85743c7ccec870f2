// What the specifications of ALTO 4 and PAGE 2019-07-15 demand of the elements that Lectern writes, written down from their texts.
import type { ElementRule } from './xml-rules.ts';

const id = /^[A-Za-z_][\w.-]*$/; // xs:ID is an NCName
const number = /^\d+(\.\d+)?$/;
const integer = /^\d+$/;
const none = /^$/;
const any = /[\s\S]*/;
const box = { HPOS: number, VPOS: number, WIDTH: number, HEIGHT: number };

/** @source ALTO 4.4, loc.gov/standards/alto/v4 */
export const altoNamespace = 'http://www.loc.gov/standards/alto/ns-v4#';
export const altoRules: Readonly<Record<string, ElementRule>> = {
  alto: { optional: { SCHEMAVERSION: /^4\.\d$/ }, children: /^(Description )?(Styles )?(Tags )?(ReadingOrder )?Layout $/ },
  Description: { children: /^MeasurementUnit (sourceImageInformation )?(OCRProcessing )*(Processing )*$/ },
  MeasurementUnit: { children: none },
  sourceImageInformation: { children: /^(fileName )?(fileIdentifier )*(documentIdentifier )*$/ },
  fileName: { children: none },
  Processing: { required: { ID: id }, children: /^(processingCategory )?(processingDateTime )?(processingAgency )?(processingStepDescription )*(processingStepSettings )?(processingSoftware )?$/ },
  processingCategory: { children: none },
  processingSoftware: { children: /^(softwareCreator )?(softwareName )?(softwareVersion )?(applicationDescription )?$/ },
  softwareName: { children: none },
  Tags: { children: /^((LayoutTag|StructureTag|RoleTag|NamedEntityTag|OtherTag) )*$/ },
  LayoutTag: { required: { ID: id, LABEL: any }, optional: { TYPE: any, DESCRIPTION: any, URI: any }, children: none },
  Layout: { children: /^(Page )+$/ },
  Page: { required: { ID: id, PHYSICAL_IMG_NR: integer }, optional: { WIDTH: number, HEIGHT: number }, children: /^(TopMargin )?(LeftMargin )?(RightMargin )?(BottomMargin )?(PrintSpace )?$/ },
  PrintSpace: { optional: box, children: /^((TextBlock|ComposedBlock|Illustration|GraphicalElement) )*$/ },
  TextBlock: { required: { ID: id }, optional: { ...box, TAGREFS: /^\w+( \w+)*$/, LANG: /^[a-z]{2,3}$/ }, children: /^(Shape )?(TextLine )+$/ },
  Illustration: { required: { ID: id }, optional: { ...box, TAGREFS: /^\w+( \w+)*$/ }, children: /^(Shape )?$/ },
  Shape: { children: /^(Polygon|Ellipse|Circle) $/ },
  Polygon: { required: { POINTS: /^\d+,\d+( \d+,\d+){2,}$/ }, children: none },
  TextLine: { optional: { ...box, ID: id, LANG: /^[a-z]{2,3}$/ }, children: /^(Shape )?(String (SP )?)+(HYP )?$/ },
  String: { required: { CONTENT: any }, optional: { ...box, ID: id, WC: /^(0(\.\d+)?|1(\.0+)?)$/ }, children: none },
  SP: { optional: box, children: none },
};

const points = /^\d+,\d+( \d+,\d+)+$/;

/** @source PAGE content schema 2019-07-15, primaresearch.org */
export const pageNamespace = 'http://schema.primaresearch.org/PAGE/gts/pagecontent/2019-07-15';
export const pageRules: Readonly<Record<string, ElementRule>> = {
  PcGts: { optional: { pcGtsId: id }, children: /^Metadata Page $/ },
  Metadata: { children: /^Creator Created LastChange (Comments )?(UserDefined )?(MetadataItem )*$/ },
  Creator: { children: none },
  Created: { children: none },
  LastChange: { children: none },
  Page: {
    required: { imageFilename: /./, imageWidth: integer, imageHeight: integer },
    optional: { orientation: /^-?\d+(\.\d+)?$/ },
    children: /^(AlternativeImage )*(Border )?(PrintSpace )?(ReadingOrder )?(Layers )?(Relations )?((TextRegion|TableRegion|ImageRegion) )*$/,
  },
  ReadingOrder: { children: /^(OrderedGroup|UnorderedGroup) $/ },
  OrderedGroup: { required: { id }, children: /^(RegionRefIndexed )+$/ },
  RegionRefIndexed: { required: { index: integer, regionRef: id }, children: none },
  TextRegion: {
    required: { id },
    optional: { type: /^(paragraph|heading|caption|header|footer|page-number|drop-capital|credit|floating|signature-mark|catch-word|marginalia|footnote|footnote-continued|endnote|TOC-entry|list-label|other)$/ },
    children: /^Coords (Roles )?(TextRegion )*(TextLine )*(TextEquiv )*$/,
  },
  ImageRegion: { required: { id }, children: /^Coords (Roles )?((TextRegion|ImageRegion) )*$/ },
  TableRegion: { required: { id }, optional: { rows: integer, columns: integer }, children: /^Coords (Roles )?(TextRegion )*$/ },
  Roles: { children: /^TableCellRole $/ },
  TableCellRole: { required: { rowIndex: integer, columnIndex: integer }, optional: { rowSpan: integer, colSpan: integer }, children: none },
  Coords: { required: { points }, children: none },
  TextLine: { required: { id }, optional: { readingDirection: /^(left-to-right|right-to-left|top-to-bottom|bottom-to-top)$/ }, children: /^Coords (Baseline )?(Word )*(TextEquiv )*$/ },
  Word: { required: { id }, children: /^Coords (Glyph )*(TextEquiv )*$/ },
  TextEquiv: { optional: { conf: /^(0(\.\d+)?|1(\.0+)?)$/ }, children: /^(PlainText )?Unicode $/ },
  Unicode: { children: none },
};
