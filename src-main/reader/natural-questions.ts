// Questions as people ask them, which name no label: "what do I owe?", "언제까지 내야 해?", "一共付了多少钱？", "いつまでに払う?". Each
// stands for the key that a page would print. English, Korean, Chinese and Japanese; knows phrasing, not pages.

export interface NaturalQuestion {
  readonly key: string;
  /** What the interrogative stands for where the key is the name of a row: its price, its quantity. */
  readonly column: string | null;
}

type Phrasing = readonly [pattern: RegExp, key: string, column?: string];

const thing = '(?:this|it|that|everything|(?:the|this|that|my|our)\\s(?:\\w+\\s)?(?:receipt|invoice|bill|meal|order|purchase|statement|document|letter|fax|message|parcel|package|form|card|ticket|quote|quotation|estimate|page|slip|licen[cs]e|note))';
const english: readonly Phrasing[] = [
  // amounts
  [new RegExp(`^how much (?:is|was|were|has been|have been|are) (?:already |so far )?(?:been )?paid(?: already| so far)?$`, 'i'), 'amount paid'],
  [/^(?:what|how much)\b.*\b(?:owe|owed|owing|outstanding|left to pay|still to (?:be )?pa(?:y|id))\b.*$/i, 'amount due'],
  [/^how much (?:is|was) (?:the )?(?:due|payable|to be paid|to pay)(?: now| in total)?$/i, 'amount due'],
  [/^how much (?:do|does|must|should|will|shall|would|am|is) (?:\w+ )?(?:\w+ )?(?:(?:have|need|supposed|expected) to )?(?:pay|be paid|transfer)\b(?! (?:for|in|as) \S).*$/i, 'amount due'],
  [/^(?:how much|what) (?:did|have|has) (?:i|we|you|they|he|she|the \w+) (?:to )?(?:pay|paid|spen[dt])(?: (?:in total|altogether|in all|overall|here|for (?:this|it|everything|all of it)))?$/i, 'total'],
  [new RegExp(`^(?:how much|what) (?:did|does|do|was|is|were|will) ${thing} (?:all )?(?:cost|costs|come to|amount to|total|worth)?(?: in total| altogether)?$`, 'i'), 'total'],
  [/^how much (?:is|was) (?:it|that|everything|it all)(?: in total| altogether| all together)?$/i, 'total'],
  [/^how much (?:in total|altogether|in all|overall)(?: .*)?$/i, 'total'],
  [/^how much (?:did|have|do) (?:i|we|you|they) (?:get off|saved?)\b.*$/i, 'discount'],
  [/^how much (?:did|have|was|were|do|does) (?:i|we|you|they|the customer) (?:get|receive|given|got)\s?(?:back|in change|as change)$/i, 'change'],
  [/^how much (?:did|was|have|has) (?:i|we|you|they|the customer)? ?(?:hand(?:ed)? over|tender(?:ed)?|give|given)\b.*$/i, 'cash'],
  [/^how much (?<key>(?!.*\b(?:of|for)\b)[\p{L}\s-]{2,30}?)\s(?:was|is|were|are|did|do|does|has been|have been)\s(?:i|we|you|they|it|there|charged|paid|given|added|included|taken|deducted|earned|hand(?:ed)?|received|returned|left|due)\b.*$/iu, '$key'],
  // dates
  [/^(?:when|(?:by|until|till) (?:when|what (?:date|day))|what (?:date|day))\b.*\b(?:due|pay(?:able)?(?: by)?|be paid|payment (?:due|expected)|deadline)\b.*$/i, 'due date'],
  [/^(?:pay|due|payable) by(?: when| what date)?$/i, 'due date'],
  [/^(?:when|what date)\b.*\b(?:born)\b.*$/i, 'date of birth'],
  [/^(?:when|what date|until when|how long)\b.*\b(?:expires?|expired|valid(?: until| till)?|run out|(?:warranty|guarantee|policy|card|subscription|licen[cs]e)\s+(?:ends?|over))\b.*$/i, 'expiry date'],
  [/^when\b.*\b(?:guests?|they|he|she|passenger|check(?:ed|ing)?)\b.*\b(?:arrived?|check(?:ed|ing)? in|in)$/i, 'arrival'],
  [/^when\b.*\b(?:leave|left|depart(?:ed)?|check(?:ed|ing)? out)$/i, 'departure'],
  [/^(?:when|what date|what day)\b.*\b(?:deliver(?:ed|y)?|arrive|arriving|get here|come|ship(?:ped)?|dispatched)$/i, 'delivery date'],
  [/^(?:when|what date|what day)\b.*\b(?:order(?:ed)?|order placed|placed)$/i, 'order date'],
  [/^(?:when|what date|what day)\b.*\b(?:signed?)\b.*$/i, 'signed on'],
  [/^(?:when|what date|what day) (?:was|is|were|did)\b.*\b(?:issued?|created|made out|written|drawn up|printed|prepared|dated)\b.*$/i, 'date of issue'],
  [/^(?:when|on what (?:date|day)|on which (?:date|day)|what (?:date|day)|which day) (?:was|is|did|were|do|does|has) (?:this|it|that|i|we|they|you|the (?:purchase|transaction|visit|payment|meal|receipt|invoice|sale))(?: (?:happen|take place|buy|bought|made|shop|visit|pay|paid|go|eat|been|be|here|there|this|it|purchase[d]?|transaction|receipt|invoice|dated|from)\b)*$/i, 'date'],
  [/^(?:on )?(?:what|which) (?:date|day)(?: was| is)?(?: (?:it|this|that))?$/i, 'date'],
  [/^(?:at )?what time(?: .*)?$/i, 'time'],
  [/^(?:what|which) (?:period|dates|months?)\b.*$/i, 'period'],
  // people and places
  [/^who (?:has|have|needs?|is|was|will|must|should)? ?(?:to )?(?:pays?|be (?:billed|charged|invoiced)|(?:being )?(?:billed|charged|invoiced))\b.*$/i, 'customer'],
  [new RegExp(`^(?:who(?:m)?|to whom|which company) (?:is|was|did|does) (?:${thing}|they)? ?(?:made out |addressed |billed |sent |issued |written |go |going )*(?:for|to|addressed|billed|invoiced)$`, 'i'), 'customer'],
  [/^who (?:is |was )?(?:bought|purchased|ordered|received|receives|placed the order|buying|getting (?:it|this)|the (?:invoice|bill|order|quote|receipt) (?:for|to|addressed to))\b.*$/i, 'customer'],
  [new RegExp(`^(?:who|which company|what company) (?:sent|issued|sold|sells|billed|charged|wrote|made|gave|provided|supplied|invoices?d?)\\b(?: (?:me|us|${thing}|these|the goods))*$`, 'i'), 'seller'],
  [/^(?:who|where|which (?:store|shop|place)) (?:did|is|was|does) (?:this|it|i|we|the (?:receipt|invoice|bill)) (?:come from|from|buy (?:it|this)|shop|eat|purchase (?:it|this)|bought|get (?:it|this))(?: from)?$/i, 'seller'],
  [/^(?:what|which) (?:kind of )?(?<key>store|shop|restaurant|company|bank|hotel|bank|supplier|vendor)\b(?: (?:is|was|does|did|do|issued|sent|has)\b.*)?$/i, '$key'],
  [/^where (?:was|were|is) (?:it|this|that|they|these|the \w+) (?:purchased|bought|sold)$/i, 'seller'],
  [/^who (?:is|was) (?:this|it|he|she|that)(?: (?:person|card))?$/i, 'name'],
  [/^(?:whose|who(?:'s| is)? the owner of the) (?:card|name|licen[cs]e|id|account)\b.*$/i, 'name'],
  [/^who (?:owns|holds|has) (?:this|the) account$/i, 'account holder'],
  [/^who (?:is |was )?(?<key>\w+ed)\s?(?:it|this|that|by|off|the \w+|off on (?:it|this))?$/i, '$key by'],
  [/^who (?:sold|helped|rang|waited on) .*$/i, 'cashier'],
  [/^where (?:is|are|was) (?:this|it|they|(?:the|their|this|his|her) (?:shop|store|office|restaurant|company|business|seller|cafe|hotel))(?: located| based| situated)?$/i, 'address'],
  [/^where (?:do|does|did) (?:he|she|they|the \w+) live$/i, 'address'],
  [/^where (?:is|was|will|should|do|are|does|did)\b.*\b(?:ship(?:ped)?|deliver(?:ed)?|sent|go|going|send)\b.*$/i, 'delivery address'],
  [/^(?:what|which) (?:number|phone) (?:can|do|should|to) ?(?:i|we|you)? ?(?:call|ring|dial)\b.*$/i, 'telephone'],
  [/^(?:what|which) (?:company|firm|organi[sz]ation|employer) (?:does|do|did) (?:he|she|they|\w+) work (?:for|at)$/i, 'company'],
  [/^where (?:does|do|did) (?:he|she|they|\w+) work$/i, 'company'],
  [/^what (?:does|do|is) (?:he|she|they|\p{L}+)(?:['’]s)? (?:do for (?:a living|work)|job|work as)$/iu, 'position'],
  [/^how (?:did|do|does|was|were|is|has|have|will) (?:i|we|you|they|it|this|that|the (?:bill|customer|order|buyer|invoice|meal)) (?:be |been )?(?:pay|paid|paying|settled?)\b.*$/i, 'payment method'],
  // is there one
  [/^(?:is|are|was|were) there (?:an? |any |some )?(?<key>[^,]{2,40}?)(?: (?:on|in) (?:it|this|here|there)|(?: (?:mentioned|given|listed|shown|included|printed|applied)))?$/i, '$key'],
  [/^(?:does|do|did|has|have) (?:it|this|they|the \w+|i|we|he|she) (?:have|has|had|include|mention|give|show|state|get|got|list|contain|charge) (?:an? |any |some )(?<key>[^,]{2,40})$/i, '$key'],
  // things and their prices
  [/^how many (?:items?|articles|things|products|goods|pieces)\b(?: (?:are|were|did|do|have|was|is|in|on|bought|listed|there)\b.*)?$/i, 'item count'],
  [/^(?:what|how much) (?:did|does|do|was|is|were) (?:the |an? |one |each )?(?<key>.{2,40}?) costs?$/i, '$key', 'price'],
  [/^how much (?:is|was|does|did|do|are|were)\s+(?!the (?:[\w-]+ )?(?:total|bill|tax|vat|subtotal|tip|change|discount|service|balance|deposit|fee|charge|rate|pay|interest|freight|shipping|cost|price|amount)\b)(?:the |an? |one )?(?<key>.+?)(?:\scosts?)?$/iu, '$key', 'price'],
  [/^(?:what(?:'s| is| was) )?(?:the )?(?:cost|price) (?:of|for) (?:the |an? |one |each )?(?<key>.{2,40})$/i, '$key', 'price'],
  [/^how many (?:(?:\w+ )?(?:units?|pieces|hours|days|boxes|bottles|sacks|bags|met(?:re|er)s|kilos|packs|cups|glasses|cans|litres|months|pcs) (?:of|for) )(?:the )?(?<key>.{2,40}?)(?: (?:were|was|are|is|did|have|had|has)\b.*)?$/i, '$key', 'quantity'],
  [/^how many (?<key>.{2,40}?)(?: (?:were|was|are|is|did|have|had|has|do|does)\b.*)?$/i, '$key', 'quantity'],
];

const korean: readonly Phrasing[] = [
  [/^(?:제가 |내가 |총 |모두 |전부 |다 해서 |합쳐서 |전체 )*얼마(?:를|나)?\s?(?:결제|냈|지불했|지불하|썼|나왔|들었|주고)(?!.*(?:야 (?:해|하|돼|되)|해야)).*$/u, '결제 금액'],
  [/^(?:제가 |내가 |총 |모두 )*얼마(?:를|나)?\s?(?:내야|지불해야|결제해야|줘야|입금해야|납부해야|송금해야|내면|내나).*$/u, '청구 금액'],
  [/^(?:다 해서 |전부 |총 |모두 |합쳐서 |전부 다 |모두 합쳐서 )+얼마.*$/u, '합계'],
  [/^얼마(?:야|예요|에요|인가요|입니까|죠|지|나\s?나왔.*|였.*)?$/u, '합계'],
  [/^언제까지\s?(?:돈을 |요금을 |금액을 )?(?:내|지불|납부|결제|입금|송금|갚).*$/u, '지급기한'],
  [/^언제까지\s?(?:유효|쓸|사용|쓰).*$/u, '유효기간'],
  [/^언제\s?(?:.{0,6}\s)?(?:주문).*$/u, '주문일'],
  [/^언제\s?(?:.{0,6}\s)?(?:발행|발급|작성|끊).*$/u, '발행일'],
  [/^언제\s?(?:태어|출생).*$/u, '생년월일'],
  [/^언제\s?(?:.{0,6}\s)?(?:도착|배송|배달|오|와|납품).*$/u, '배송일'],
  [/^(?:언제|며칠에|무슨 날에)\s?(?:.{0,6}\s)?(?:샀|구매|구입|결제|방문|갔|먹|계산|이용|거래|다녀|쓴|된|한).*$/u, '날짜'],
  [/^몇\s?시(?:에|인|야|이|였).*$/u, '시간'],
  [/^누가\s?(?:받|수령|주문|샀|구매|구입|결제|사).*$/u, '구매자'],
  [/^(?:누구(?:에게|한테|\s?앞으로|께)|어디(?:에|로)\s?보내는\s?(?:견적|청구|송장)).*$/u, '수신'],
  [/^누가\s?(?:부쳤|부친|보낸 택배|발송).*$/u, '보내는 분'],
  [/^누가\s?(?:보냈|보낸|발행|팔|판매|작성|청구|발급).*$/u, '공급자'],
  [/^어디(?:서|에서)\s?(?:샀|구매|구입|결제|먹|계산|산|발행|주문).*$/u, '상호'],
  [/^어디(?:로|에)\s?(?:배송|배달|보내|보낸|도착|와|가).*$/u, '배송지'],
  [/^어디에?\s?(?:있|위치|살|사).*$/u, '주소'],
  [/^(?:어느|어떤|무슨)\s?계좌.*$/u, '계좌번호'],
  [/^(?:무엇으로|무얼로|뭘로|뭐로|어떻게|무슨 수단으로)\s?(?:결제|계산|지불|냈|낸|샀).*$/u, '결제수단'],
  [/^(?<key>.{1,20}?)(?:은|는|이|가|도)?\s?(?:있어|있나|있나요|있니|있습니까|있는지|있어요|있을까|있었어|있었나요|있음)$/u, '$key'],
  [/^(?<key>.{1,20}?)(?:은|는|이|가|을|를)?\s?얼마(?:를|나)?\s?(?:받았|남았|들어왔|나갔|나왔|붙었|냈|됐|되었|적립|깎).*$/u, '$key', '금액'],
  [/^(?<key>.{1,30}?)(?:은|는|이|가|을|를)?\s?(?:한 개에 |개당 |하나에 )?얼마(?:였|이었|인지|짜리|에요|예요|야|죠|임|냐|지|니|인가|입니|인데).*$/u, '$key', '가격'],
  [/^(?<key>.{1,30}?)(?:은|는|이|가|을|를)?\s?(?:총 |모두 )?몇\s?(?:개|잔|병|주|장|권|그루|봉|박스|상자|켤레|벌|대|명|인분|마리|캔|통|세트|팩|포|매|자루)(?!\s?월)(?:를|을|나|인|이|야|예|입|\s|$).*$/u, '$key', '수량'],
];

const chinese: readonly Phrasing[] = [
  [/^(?:我|我们|一共|总共|共|合计|总计|最后|实际|全部)*(?:付|花|支付|消费|用|给)(?:了|过|掉)?(?:一共|总共)?(?:多少|几)(?:钱|元|块)?(?:钱)?$/u, '总金额'],
  [/^(?:一共|总共|全部|总计|合计|加起来|这些)(?:是|要|需要)?(?:多少)(?:钱|元)?$/u, '总金额'],
  [/^(?:我|我们|还|应该|应|需要|需|要|得|总共|一共)+(?:付|支付|交|缴|欠|付款|给|还)(?:了)?(?:多少)(?:钱|元)?$/u, '应付金额'],
  [/^(?:一共|总共)?(?:优惠|便宜|省|减|打折)(?:了)?多少(?:钱|元)?$/u, '优惠'],
  [/^(?:已经|已)(?:付|支付|付款)(?:了)?多少(?:钱|元)?$/u, '已付款'],
  [/^(?:找|找回|找了)(?:了)?多少(?:钱|元|零钱)?$/u, '找零'],
  [/^(?:什么时候|何时|哪天|几号|哪一天|到什么时候|最晚什么时候|什么时候之?前)(?:之前|以前|前)?(?:需要|要|应该|必须|得|该)(?:付款|付|交|缴|支付|还款|还).*$/u, '付款期限'],
  [/^(?:什么时候|何时|哪天|哪一天)(?:到期|截止).*$/u, '到期日'],
  [/^有效(?:期)?到(?:什么时候|哪天|何时|几号).*$/u, '有效期'],
  [/^(?:什么时候|何时|哪天|哪一天|几号)(?:下的?单|订的?|下单|订购).*$/u, '下单时间'],
  [/^(?:什么时候|何时|哪天|哪一天|几号)(?:开的?票?|签发|发的|填的?|开具).*$/u, '签发日期'],
  [/^(?:什么时候|何时|哪天|哪一天|哪年)(?:出生|生的).*$/u, '出生日期'],
  [/^(?:什么时候|何时|哪天|哪一天|几号)(?:能|会|可以)?(?:到货|送达|送到|交货|发货|到|送).*$/u, '交货日期'],
  [/^(?:是)?(?:什么时候|何时|哪天|哪一天|几号|几月几号)(?:消费|买|购买|付款|吃|去|交易|付|来|结账|支付|购物)?(?:的)?(?:东西)?$/u, '日期'],
  [/^(?:什么时候|何时|哪天|几号)(?:入住|办理入住).*$/u, '入住日期'],
  [/^(?:什么时候|何时|哪天|几号)(?:离店|退房).*$/u, '离店日期'],
  [/^(?:是)?几点(?:钟)?.*$/u, '时间'],
  [/^(?:是)?(?:怎么|如何|用什么|怎样|用啥)(?:付款?|支付|付钱|结账|买单|付账|方式付款)(?:的)?$/u, '支付方式'],
  [/^(?:是|由)?谁(?:寄|发货|寄出)(?:的)?(?:件|货|快递)?$/u, '寄件人'],
  [/^(?:是|由)?谁(?:开的?|发的?|卖的?|出具|开具|提供)(?:的)?(?:票|发票|单)?$/u, '销售方'],
  [/^(?:是)?(?:开|寄|发|卖|送)给谁(?:的)?$/u, '购买方'],
  [/^(?:是)?谁(?:买|购买|付款|订|下单|收|收货|签收)(?:的)?(?:单|货)?$/u, '购买方'],
  [/^(?:是|在)?(?:哪(?:家|个|里|儿)?)(?:店|超市|商店|公司|餐厅|饭店|餐馆|商家|咖啡店|药店)?(?:买|消费|购买|开|吃)?(?:的)?$/u, '商户名称'],
  [/^(?:寄|送|发|发货|送货|寄送)(?:到)(?:哪里|哪儿|哪|什么地方).*$/u, '收货地址'],
  [/^(?:他|她|这个人|持卡人)?叫(?:做)?什么(?:名字|名)?$/u, '姓名'],
  [/^(?:这|他|她)?(?:是)?(?:什么人|谁)(?:的)?(?:名片|身份证|证件)?$/u, '姓名'],
  [/^(?:有没有|有无|是否有)(?:什么|任何)?(?<key>.{1,15})$/u, '$key'],
  [/^(?:有)(?:什么)?(?<key>.{1,15})吗$/u, '$key'],
  [/^(?:一共|总共)?(?:买|购|点|订)(?:了)?(?:多少|几)(?:件|样|个)(?:商品|东西|物品)?$/u, '件数'],
  [/^(?:一共|总共)?(?:买|购买|点|订|要|有)(?:了)?(?:多少|几)\p{Script=Han}?(?<key>[^多少几]{2,20})$/u, '$key', '数量'],
  [/^(?<key>.{2,20}?)(?:一共|总共)?(?:买|购买|点|订|要|有)(?:了)?(?:多少|几)\p{Script=Han}?$/u, '$key', '数量'],
  [/^(?<key>.{2,20}?)(?:卖|要|花了?|的价格)?(?:是)?(?:(?:多少|几)(?:钱|块钱?|元)(?:一.)?|(?<=花了?)多少)$/u, '$key', '价格'],
  [/^(?<key>请假|出差|休假|休)(?:几|多少)天.*$/u, '$key天数'],
  [/^(?:从)?(?:哪天|什么时候|何时|几号)(?:开始|起).*$/u, '开始日期'],
  [/^(?:到)?(?:哪天|什么时候|何时|几号)(?:结束|为止).*$/u, '结束日期'],
  [/^为(?:什么|何)(?:请假|休假|申请).*$/u, '事由'],
  [/^(?:地址|店铺|公司|商店|店|餐厅)(?:是)?在(?:哪里|哪儿|哪|什么地方)$/u, '地址'],
  [/^(?<key>.{1,12}名)叫(?:做)?什么$/u, '$key'],
  [/^(?<key>.{1,12}?)(?:的名字)?叫(?:做)?什么(?:名字|名)?$/u, '$key名称'],
];

const japanese: readonly Phrasing[] = [
  [/^(?:全部で|合計で|総額で|合わせて|トータルで)?いくら(?:払|支払|かか|使|で(?:す|し)|に(?:な|の))(?!.*(?:えば|わな|必要|べき|うの|います|いますか$))[^?]*$/u, '合計'],
  [/^(?:全部で|合計|総額)?いくら(?:です|でし)?(?:た)?か?$/u, '合計'],
  [/^いくら(?:を)?(?:払|支払|振込|振り込).*$/u, 'ご請求金額'],
  [/^いつまでに?(?:払|支払|振込|振り込|入金|納).*$/u, '支払期限'],
  [/^いつまで(?:有効|使).*$/u, '有効期限'],
  [/^いつ(?:発行|作成|作られ|出され).*$/u, '発行日'],
  [/^いつ(?:届|納品|配達|到着|来).*$/u, '納品日'],
  [/^いつ(?:生まれ|誕生).*$/u, '生年月日'],
  [/^いつ(?:注文|頼).*$/u, '注文日'],
  [/^いつ(?:買|購入|の|支払|払|です|利用|行|来店|レシート).*$/u, '日付'],
  [/^何時.*$/u, '時刻'],
  [/^(?:どう(?:やって)?|何で|どのように|支払いはどう|どの方法で)(?:払|支払).*$/u, '支払方法'],
  [/^(?:誰|どこ|だれ)(?:に|へ|宛て?|あて|宛に)(?:の)?(?:請求|送|発行|宛|領収|納品|です|届).*$/u, '宛先'],
  [/^(?:誰|どこ|だれ)(?:が|から|の)(?:発行|請求|送|売|店|領収).*$/u, '会社名'],
  [/^どこで(?:買|購入|食|払|支払).*$/u, '店名'],
  [/^どこに(?:届|送|配送|配達).*$/u, 'お届け先'],
  [/^(?:契約者|名義人|名義|持ち主)(?:は)?.*$/u, 'お名前'],
  [/^(?<key>.{1,20}?)(?:は|が)(?:あります|ありました|ある|付いて|ついて|含まれ|書かれ|書いて)(?:か|の|いますか|ますか|あります)*.*$/u, '$key'],
  [/^(?<key>.{1,20}?)(?:は|を|が)?(?:いくつ|何(?:個|本|枚|台|脚|杯|冊|点|箱|袋|人|泊|回))(?!.*(?:円)).*$/u, '$key', '数量'],
  [/^(?<key>.{1,20}?)(?:は|って|の値段は|の価格は)?(?:おいくら|いくら)(?:です|でし|だ|する|し|かか)?(?:た|った|ました|ます)?(?:か|の)?$/u, '$key', '価格'],
];

const asked = [...english, ...korean, ...chinese, ...japanese];

/** The key that a question without a label means, or null; `text` ends without a question mark. */
export function naturalQuestion(text: string): NaturalQuestion | null {
  for (const [pattern, key, column] of asked) {
    const match = pattern.exec(text);
    if (!match) continue;
    const named = match.groups?.['key']?.trim();
    return { key: named === undefined ? key : key.replace('$key', named), column: column ?? null };
  }
  return null;
}
