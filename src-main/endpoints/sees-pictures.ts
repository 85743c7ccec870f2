// Which published models of common servers are known to take text only: some of them drop pictures in silence and answer all the same.

/** Families whose names say that they see. */
const seeing = /(^|[-_/.])(vl|vision|omni|ocr|vlm|multimodal|pixtral|llava|internvl|minicpm-?v|gemma-?3|gpt-4o|gpt-4\.1|gpt-5|o[34]|claude|gemini)/i;
/** Families that read text only, unless the name says otherwise. */
const readingOnly = /(^|\/)(qwen-(flash|turbo|plus|max|long|coder|math)|qwen[123](\.\d)?-|qwq|deepseek|gpt-3|text-|llama-?[23](\.[01])?-|mistral-|codestral|glm-4(\.\d)?(-(air|flash|plus))?$)/i;

/** False when a model of this name is known to be blind. What is not known is believed to see. */
export function seesPictures(model: string): boolean {
  return seeing.test(model) || !readingOnly.test(model);
}
