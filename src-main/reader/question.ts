// What a question asks for: which of the few things the reader can do, and the words that name the key. English, Korean, Chinese
// and Japanese. Knows phrasing, not pages.
import { fold } from '../base/fold.ts';
import { simplified } from './labels.ts';
import { naturalQuestion } from './natural-questions.ts';

export type Wanted =
  | { readonly kind: 'text' }
  | { readonly kind: 'fields' }
  | { readonly kind: 'page-count' }
  | { readonly kind: 'mentions'; readonly what: string }
  | { readonly kind: 'places'; readonly what: string }
  /** `column` is what an interrogative stands for: "how much is X" is the price in X's row, where X is no label itself. */
  | { readonly kind: 'value'; readonly key: string; readonly column: string | null }
  /** `key` is what the words would name if they were a label after all. */
  | { readonly kind: 'beyond'; readonly key: string | null };

/** What is quoted is meant to the letter. */
const quoted = /["“”„‟「『《'‘](.{1,80}?)["”“‟」』》'’]/u;

const readAll = [
  /^(?:please\s)?(?:read|transcribe|ocr|type|extract)\b(?!.*\b(?:field|value|table)s?\b).*\b(?:all|everything|whole|entire|full|text|page|document|aloud|out|this|it)\b/i,
  /^(?:read|ocr|transcribe)\s*(?:it|this)?[.!]?$/i,
  /^what (?:does|do) (?:this|the|these|it)\b.*\bsay\b/i,
  /^what(?:'s| is) (?:written|the (?:full |whole )?text)\b/i,
  /(?:전체|모두|모든|전부|내용|글자|텍스트|문서|페이지).*(?:읽어|텍스트로|옮겨|적어)/u, /^(?:다\s)?읽어\s?(?:줘|주세요|라)?/u, /(?:뭐라고|무엇이라고|뭐가|무엇이) (?:적혀|쓰여|써)/u,
  /(?:读出|朗读|读取|识别|提取|转写|念).*(?:全部|所有|全文|文字|内容|文本|整页|这页|页面|文档)/u, /(?:全部|所有|全文).*(?:文字|内容|文本).*(?:读|识别|提取|列出)?/u, /^(?:读|识别)(?:一下|出来)?[。！]?$/u, /写(?:了|着)什么/u,
  /(?:全部|すべて|全文|全て|文字|内容).*(?:読んで|読み取|読み上げ|書き出)/u, /^(?:読んで|読み取って)/u, /何(?:が|と)書(?:いて|かれて)/u,
];
const allFields = [
  /\b(?:list|show|give|extract|find|get|what are|read)\b.*\b(?:all|every|the|key)\b.*\b(?:fields?|key[- ]?values?(?: pairs?)?|keys|entries|labels|details|data|information)\b/i,
  /^(?:all |key )?(?:fields|key[- ]?values?(?: pairs)?|keys and values)[.?!]?$/i,
  /(?:모든|전체|주요|각)\s?(?:항목|필드|키|정보|값)/u, /(?:항목|필드)(?:을|를|들을)?\s?(?:모두|전부|다)?\s?(?:나열|열거|알려|보여|뽑아|추출|정리)/u,
  /(?:列出|显示|提取|给出|找出).*(?:所有|全部|各个|关键)?.*(?:字段|项目|键值|关键信息|条目)/u, /(?:所有|全部|关键)(?:的)?(?:字段|键值|信息)/u,
  /(?:すべて|全て|全部|各)の?(?:項目|フィールド|情報)/u, /項目を?(?:すべて|全て|全部)?(?:挙げ|列挙|一覧|教え|抽出)/u,
];
const pageCount = [/^how many pages (?:are (?:there|in)|does|do|is|has|have)\b(?!.*\b(?:mention|contain|say|include)\b)/i, /^(?:총\s?)?(?:몇 ?(?:페이지|쪽|장))(?:인가요|이야|입니까|야|예요|이에요|나|\?|$)/u, /페이지(?:는|가)?\s?(?:모두|총|전부)?\s?몇/u, /(?:一共|总共|共)?有?(?:多少|几)页(?!.*(?:提到|出现|包含|含有))/u, /^(?:全部で)?何ページ(?:です|あり|ある)/u];
const mentions: readonly RegExp[] = [
  /how many (?:of (?:the|these) )?pages? (?:mention|contain|say|include|have|talk about|refer to|name)s?\s+(?:the word |the phrase )?(?<what>.+?)[?.!]*$/i,
  /(?:on|in) how many pages (?:is|are|does|do|can)?\s*(?:the word |the phrase |you find )?(?<what>.+?)\s*(?:mentioned|found|named|appear|appears|occur|occurs|written)?[?.!]*$/i,
  /which pages? (?:mention|contain|say|include|name)s?\s+(?:the word |the phrase )?(?<what>.+?)[?.!]*$/i,
  /(?<what>.+?)(?:을|를|이|가|은|는|라는 말이|라는 단어가)?\s?(?:언급|나오|포함|들어)(?:하는|되는|된|는|한|있는|간|오는)?\s?(?:페이지|쪽|장)(?:는|은|가|이)?\s?(?:몇|어느)/u,
  /몇\s?(?:페이지|쪽|장)(?:에|에서|이|가)?\s?(?<what>.+?)(?:을|를|이|가|은|는)?\s?(?:언급|나오|나와|포함|있)/u,
  /(?:有)?(?:多少|几|哪些|哪几)页(?:面)?(?:中|里|上)?(?:提到|提及|出现|包含|含有|有)(?:了|过)?(?<what>.+?)[？?。]*$/u,
  /(?<what>.+?)(?:出现|被提到|被提及)在(?:多少|几|哪些|哪几)页/u,
];
const places: readonly RegExp[] = [
  /^(?:please\s)?(?:find|locate|search(?: for)?|look for|highlight|mark|show me where|point (?:to|at))\s+(?:all |every |each |the word |the phrase |where (?:it says )?)*(?<what>.+?)(?:\s(?:on|in) (?:the|this|these) (?:page|pages|document|documents|picture|image|text|form|receipt|invoice))?[?.!]*$/i,
  /^where (?:is|are|does it say|do you see|can i (?:find|see))\s+(?:the word |the phrase )?(?<what>.+?)(?:\s(?:written|mentioned|printed|on (?:the|this) page|in (?:the|this) document))?[?.!]*$/i,
  /^(?:여기서|이 (?:페이지|문서)에서)?\s?(?<what>.+?)(?:을|를|이|가|은|는)?\s?(?:어디(?:에|서)?\s?(?:있|나오|나와|적혀|쓰여)|찾아\s?(?:줘|주세요|라|봐)|검색해?\s?(?:줘|주세요)?|표시해\s?(?:줘|주세요))/u,
  /^(?:请)?(?:帮我)?(?:查找|找出|找到|找|搜索|定位|标出|指出)(?:一下)?(?<what>.+?)(?:在哪里|在哪儿|在哪|的位置)?[？?。！]*$/u,
  /^(?<what>.+?)(?:在哪里|在哪儿|在哪|的位置(?:在哪里?)?)(?:出现)?[？?。]*$/u,
];
/** Opinions, reasons, looks, sums over pages: recognised text and places do not answer these. */
const beyondVerbs =
  /^(?:why|how (?!much|many|was it paid|it was paid)|do you|should|could (?!you (?:please )?(?:tell|give|read|find|list))|would|can (?:you )?(?:explain|describe|summari[sz]e|translate|write|draw)|explain|describe|summari[sz]e|translate|compare|rewrite|write|draw|paraphrase|classify|suggest|recommend|calculate|compute|is |are |does |did |has |have |was |were )/i;
const beyondWords = [
  /\b(?:colou?r|logo|photo(?:graph)?|drawing|handwrit\w*|chart|graph|diagram|look like|summary|meaning|opinion|average|difference between|language)\b/i,
  /(?:왜|요약|설명해|번역|비교|묘사|색깔|색상|로고|그림|평균|의미|어떻게|맞나요|있나요|있습니까)/u,
  /(?:なぜ|どうして|要約|説明して|翻訳|訳して|比較|色は|ロゴ|写真|平均|意味)/u,
  /(?:为什么|为何|总结|概括|摘要|解释|翻译|比较|描述|颜色|标志|平均|意思|怎么|怎样|如何|是否|吗[？?]*$)/u,
];

/** What stands round the key in a question, cut off again and again until nothing changes. */
const scaffoldBefore: readonly RegExp[] = [
  /^(?:この|その|上記の|本)?(?:領収書|レシート|請求書|納品書|書類|文書|ページ|名刺|免許証|用紙|申込書|注文書|明細書?|表|写真|画像)(?:の|に(?:ある|書かれている|書いてある|記載の)?|上の)(?=\S)/u, /^(?:この|その)(?=\p{Script=Han})/u,
  /^(?:please|could you(?: please)?|can you(?: please)?|would you|tell me|give me|show me|say|i need|i want(?: to know)?|let me know|read(?: out)?|extract|get)\s+/i,
  /^(?:what|which|who|when|where|how much|how many|how long|whose)(?:\s?['’]s|\s(?:is|are|was|were|does|do|did|will be|has))?\s+/i,
  /^(?:is|are|was|were|the|a|an|it|its|their|this|that|these|of|on|in|for|my|our|his|her|your)\s+/i,
  /^(?:이|그|해당|이번)\s+(?=\S)/u, /^(?:여기|이것)(?:에서|에|의|은|는)?\s+/u, /^(?:적힌|쓰인|나온|있는)\s+/u,
  /^(?:이|그)?\s?(?:영수증|송장|청구서|거래명세서|명세서|신청서|서식|문서|페이지|명함|양식|사진|표)(?:의|에서|에는|에|상의)\s+/u,
  /^(?:请问|请告诉我|请给出|请提取|请|告诉我|给出|提取|读出|我想知道|帮我看看)/u,
  /^(?:这|该|此|本)(?:张|份|个|页)?(?:发票|小票|收据|单据|票据|文档|文件|表格|表|页面|页|名片|图片|申请表|订单|账单)?(?:上面|上|中|里|内)?的?/u,
  /^(?:发票|小票|收据|单据|票据|文档|文件|表格|页面|名片|申请表)(?:上面|上|中|里)的?/u,
];
const scaffoldAfter: readonly RegExp[] = [
  /[\s?？!！.。,，:：;]+$/u,
  /\s(?:please|here|there|exactly|written|printed|shown|given|stated|listed|mentioned|is|are|was|were|have|cost|costs|be)$/i,
  /\s(?:(?:on|in|of|at|for|from) )(?:the|this|these|that|my|our) (?:\w+ )?(?:page|pages|document|receipt|invoice|bill|form|letter|card|picture|image|photo|scan|table|statement|order|paper|sheet|screen|ticket|slip|file)$/i,
  /(?<=\S)(?:은|는|이|가|을|를)?\s?(?:무엇|뭐|뭔|무슨|어떻게|얼마|언제|누구|어디|어느|몇\s?\S{0,4}?)(?:인가요|입니까|이에요|예요|인지|이야|이죠|이니|인가|일까요|야|지|죠|가요|나요|인지요|된|되나요|됩니까|되어 있나요|돼|에요)?(?:\s?(?:알려|말해)\s?(?:줘|주세요|주십시오))?$/u,
  /(?<=\S)(?:을|를|이|가|은|는)?\s?(?:좀\s?)?(?:알려|말해|보여|읽어|찾아|추출해|적어)\s?(?:줘|줘요|주세요|주십시오|줄래|라|봐)?$/u,
  /(?<=\S\S)(?:은요|는요)$/u,
  /(?<=[가-힣])(?:은|는)$/u,
  /(?:分别)?(?:是|为|等于)?(?:什么|什麼|多少钱|多少錢|多少|谁|誰|哪(?:一)?(?:天|个|家|里|位)|几(?:号|月几号|点|个|天)?|什么时候|何时)(?:呢|啊)?$/u,
  /(?<=\S)(?:是|为|呢|有|在|：)$/u,
  /(?<=\S)(?:は|って|とは|が)?(?:、)?(?:いくら|おいくら|何|なに|なん|誰|だれ|どなた|どこ|どちら|いつ|どれ|どの(?:会社|店|銀行)|何番|何円|何日|何(?:という|て))(?:です|でし|に|で|と|だ|なり|なの|なって|ます|あり|い|う|書(?:いて|かれて)|ある|の)*(?:た|ますか|か|の|ね)*$/u,
  /(?<=\S)(?:は|を|って)?(?:教えて|おしえて|示して|見せて|読んで|抜き出して|知りたい)(?:ください|下さい|くれ|ほしい|です|もらえますか|いただけますか)?$/u,
  /(?<=[\p{Script=Han}\p{Script=Katakana}\p{Script=Hiragana}\p{Script=Latin}ー])(?:は|とは|って)$/u,
];

function bare(question: string): string {
  let text = question.trim();
  for (let last = ''; last !== text; ) {
    last = text;
    for (const pattern of scaffoldAfter) {
      const cut = text.replace(pattern, '').trim();
      if (cut !== '') text = cut;
    }
    for (const pattern of scaffoldBefore) {
      const cut = text.replace(pattern, '').trim();
      if (cut !== '') text = cut;
    }
  }
  return text.replace(/^["“'‘「]+|["”'’」]+$/gu, '').trim();
}

/** Without what is said to be polite, or to name the document: the question itself. */
function bareOf(text: string): string {
  return text
    .replace(/^(?:please|so|and|ok|hey|hi|hello|um)[\s,]+/i, '').replace(/^(?:could|can|would|will) you (?:please )?(?:tell|show) (?:me|us)\s/i, '').replace(/^(?:please )?(?:tell|show) (?:me|us)\s/i, '').replace(/^(?:do you know|i(?:'d| would)? (?:want|like|need) to know)\s/i, '')
    .replace(/[\s,]+(?:please|thanks|thank you)$/i, '').replace(/\s(?:on|in|according to) (?:this|the) (?:page|document|receipt|invoice|bill|form|card|letter|statement|order)$/i, '').replace(/^(what|who|when|where|how)['’]s\s/i, '$1 is ')
    .replace(/^(?:이|그|해당)?\s?(?:영수증|송장|청구서|거래명세서|명세서|문서|페이지|명함)(?:에서|에는|에|상)\s/u, '').replace(/^(?:请问|请告诉我|告诉我|我想知道|请)[，,]?/u, '').replace(/^(?:这|该|此)(?:张|份|个|页)?(?:发票|小票|收据|单据|文件|订单|账单|單據|發票|收據|訂單)(?:上面|上|中|里|裡)?(?:的)?/u, '').replace(/(?:呢|啊|呀|了)$/u, '')
    .replace(/^(?:この|その)(?:領収書|レシート|請求書|納品書|書類|名刺)(?:は|で|では|に|には|の)/u, '').trim();
}

function firstOf(patterns: readonly RegExp[], text: string): string | null {
  for (const pattern of patterns) {
    const what = pattern.exec(text)?.groups?.['what']?.trim();
    if (what) return (quoted.exec(what)?.[1] ?? what.replace(/^(?:the|a|an)\s+/i, '')).trim();
  }
  return null;
}

/** "the price of X", "X의 가격", "X的价格", "price for X", "how much is X". */
const aboutPatterns: readonly RegExp[] = [
  /^(?<key>.{2,40}?)\s(?:of|for|in|on|per|from)\s(?:the\s)?(?<about>.+)$/iu,
  /^(?<about>.+?)(?:의|에 대한)\s(?<key>.{1,20})$/u,
  /^(?<about>.+?)的(?<key>[^的]{1,12})$/u,
  /^(?<about>.*\p{Script=Hangul}.*)\s(?<key>\S{1,8})$/u,
  /^(?<about>[\p{L}\s.&-]{2,40}?)['’]s?\s(?<key>.{2,30})$/iu,
  /^(?<about>.+?)の(?<key>[^の]{1,12})$/u,
  /^(?<about>(?:销售|购买|开票|收款|付款|收货|供货)方|买方|卖方|공급받는\s?자|공급자|구매자|판매자|客户|供应商)(?!\s|名称|信息)(?<key>\S{1,10})$/u,
];

/** What a document is of or about in general: "the name of the applicant" is the name. */
const generalOwner = /^(?:applicant|employee|person|holder|customer|client|buyer|seller|vendor|supplier|company|store|shop|merchant|business|issuer|sender|recipient|document|page|form|receipt|invoice|bill|card|letter|order|신청인|신청자|직원|사원|고객|구매자|판매자|회사|가게|매장|업체|문서|영수증|명함|申请人|员工|本人|客户|买方|卖方|公司|商店|店铺|商家|单据|文件|发票|小票|名片|patient|guest|passenger|account|shipment|product|purchase|holder|restaurant|cafe|hotel|office|vendor|owner|店|会社|お客様|申込者|契約者|사무실|대표|領収書|請求書|商品|旅客|乘客|患者)$/iu;

export function wantedOf(question: string): Wanted {
  const whole = question.normalize('NFC').replace(/\s+/g, ' ').trim();
  // Of several sentences the last one asks.
  const last = whole.split(/(?<=[?？。！!])\s*(?=\S)/u).at(-1)!;
  const text = [...last].length >= 4 || whole === last ? last : whole;
  const mentioned = firstOf(mentions, text);
  if (mentioned) return { kind: 'mentions', what: mentioned.replace(/[?？]+$/u, '') };
  if (pageCount.some((pattern) => pattern.test(text))) return { kind: 'page-count' };
  if (allFields.some((pattern) => pattern.test(text))) return { kind: 'fields' };
  if (readAll.some((pattern) => pattern.test(text))) return { kind: 'text' };
  const ended = text.replace(/[\s?？!！.。]+$/u, '').trim();
  const natural = naturalQuestion(/[\p{Script=Hiragana}\p{Script=Katakana}]/u.test(ended) ? bareOf(ended) : simplified(bareOf(ended)));
  if (natural) return { kind: 'value', key: natural.column === null ? natural.key : bare(natural.key), column: natural.column };
  if (beyondVerbs.test(text)) return { kind: 'beyond', key: null };
  const place = firstOf(places, text);
  if (place) return { kind: 'places', what: place };
  const key = bare(text);
  if (beyondWords.some((pattern) => pattern.test(text.length > 12 ? text : key))) return { kind: 'beyond', key };
  if (key === '' || fold(key).text === '') return { kind: 'beyond', key };
  // A key of many words is a sentence, not a label.
  if (key.split(' ').length > 12 || [...key].length > 90) return { kind: 'beyond', key };
  return { kind: 'value', key, column: null };
}

/** The keys that a phrase may mean, the phrase itself first: "name of the applicant" is also "applicant name" and "name". */
export function keysOf(phrase: string): string[] {
  const keys = [phrase];
  for (const { key, about } of splitsOf(phrase)) {
    const latin = /^[\p{Script=Latin}\s]+$/u.test(key);
    keys.push(latin ? `${about} ${key}` : `${about}${key}`);
    if (generalOwner.test(about)) keys.push(key);
  }
  keys.push(...otherNames(phrase));
  return keys;
}

/** "the name of the shop" may stand at "shop", "환자 이름" at "환자성명": as it is called, then under the words for a name. */
function otherNames(phrase: string): string[] {
  const owner = /^name of (?:the )?(.{3,})$/iu.exec(phrase)?.[1] ?? /^(.{2,}?)(?:['’]s)?\s?(?:(?<=\p{L}\s)names?|이름|성함|성명|名称|姓名|名字|(?<=の)名前)$/iu.exec(phrase)?.[1];
  if (!owner) return [];
  const stem = owner.replace(/[의的の]$/u, '').trim();
  const words = /\p{Script=Hangul}/u.test(stem) ? ['성명', '이름', '명'] : /\p{Script=Latin}/u.test(stem) ? [' name'] : ['姓名', '名称', '名'];
  return [...words.map((word) => stem + word), stem];
}

/** The ways to take a key apart into a key and what it belongs to, most likely first. */
export function splitsOf(key: string): { key: string; about: string }[] {
  return aboutPatterns.flatMap((pattern) => {
    const groups = pattern.exec(key)?.groups;
    return groups?.['key'] && groups['about'] ? [{ key: groups['key'].trim(), about: groups['about'].replace(/^(?:the|a|an)\s+/i, '').trim() }] : [];
  });
}
