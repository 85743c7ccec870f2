// What people ask of documents: each concept with the type of its value and the labels it is printed under, strongest first, in
// English, Korean, Chinese and Japanese. Knows words, not pages.
import type { ValueType } from './typed-values.ts';

export interface Concept {
  readonly id: string;
  readonly type: ValueType;
  /** Labels on pages and phrases in questions, strongest first. */
  readonly labels: readonly string[];
  /** Phrases in questions only. */
  readonly asked?: readonly string[];
  /** Labels of last resort, which mean another concept before this one. */
  readonly also?: readonly string[];
  /** Labels that count only where the value stands behind them in the same line: "Room 312". */
  readonly behind?: readonly string[];
  /** Words beside a label that make it the label of something else. */
  readonly unless?: readonly string[];
}

const partOfTotal = ['sub', 'tax', 'vat', 'gst', 'net', 'qty', 'quantity', 'item', 'items', 'discount', 'saving', 'savings', 'weight', 'pages', 'points', 'before', 'excl', 'ex', 'days', 'hours', '세액', '세금', '공급가', '공급가액', '부가세', '수량', '면세', '과세', '할인', '상품', '일수', '税额', '税金', '数量', '件数', '商品', '优惠', '折扣', '小计', '天数', '小計', '税', '点数', '対象'];

/** Words that make a date the date of something else. */
const otherDates = ['due', 'birth', 'expiry', 'delivery', 'start', 'end', 'first', 'last', 'signature', 'sign', 'update', 'valid', '생년', '입사', '만료', '유효', '시작', '종료', '出生', '到期', '入职', '开始', '结束', '截止', '有效', '付款', '更新', '支払', '生年', '入社', '有効', 'pay', 'delivered', 'shipping', 'ship', 'required', 'arrival', 'departure', 'closing', 'check', '납부', '지급', '배송', '납품', '전입', '交货', '发货', '納品', '検針', '次回'];

export const concepts: readonly Concept[] = [
  // amounts
  {
    id: 'total', type: 'amount', unless: partOfTotal,
    labels: ['价税合计', '小写', 'grand total', 'total due', 'amount due', 'total amount due', 'total amount', 'balance due', 'total payable', 'amount payable', 'invoice total', 'order total', 'total to pay', 'to pay', 'total price', 'total', 'ttl', 'tot', 'tl',
      '총 결제 금액', '총 결제금액', '결제 금액', '결제금액', '총 합계', '총 금액', '총금액', '총액', '합계 금액', '합계금액', '합계액', '청구 금액', '청구금액', '받을 금액', '받을금액', '지불 금액', '최종 결제금액', '총 결제액', '합계', '총계', '총 요금', '총 견적금액', '견적금액', '총 청구금액',
      '应付金额', '应付总额', '实付金额', '实付款', '实付', '实收金额', '应收金额', '应付', '本期应付', '订单总额', '总金额', '合计金额', '总计', '总额', '总价', '合计', '應付金額', '總金額', '總計', '合計金額',
      'ご請求金額', '請求金額', '請求予定金額', '総合計', '税込合計', '合計', 'お買上計', 'お支払金額', 'お支払い金額', 'お会計', '総額', '領収金額'],
    also: ['price', '판매가', '가격', '价格', '価格'],
    asked: ['total cost', 'total sum', 'sum', 'sum total', 'final amount', 'bill', 'price', '얼마', '전체 금액', '가격', '최종 금액', '一共多少钱', '总共多少钱', '多少钱', '总共', '一共', '花了多少钱', '合計額', 'いくら'],
  },
  {
    id: 'amount due', type: 'amount', unless: [...partOfTotal, 'minimum', '최소', '最低'],
    labels: ['balance due', 'amount due', 'total amount due', 'total due', 'amount outstanding', 'outstanding balance', 'total to pay', 'amount to pay', 'amount payable', 'total payable', 'please pay', 'to pay', '청구 금액', '청구금액', '납부 금액', '납부금액', '납부할 금액', '미납금액', '받을 금액', '지불 금액', '결제 금액', '결제금액',
      '本期应付', '应付金额', '应付总额', '应付款', '应付', '未付金额', '待付金额', '欠款', 'ご請求金額', '請求金額', '請求予定金額', 'お支払金額', 'お支払い金額', '未払金額',
    ],
    also: ['new balance', 'grand total', 'total amount', 'invoice total', 'order total', 'total', '총 합계', '총 금액', '총금액', '합계금액', '합계 금액', '합계', '价税合计', '小写', '总金额', '合计金额', '总计', '合计', '合計金額', '合計'],
  },
  { id: 'amount paid', type: 'amount', labels: ['amount paid', 'already paid', 'total paid', 'payment received', 'payments received', 'deposit paid', 'paid', 'advance received', 'payments', '납부액', '기납부액', '입금액', '선수금', '已付款', '已付金额', '已付', '已收款', '入金額', '内金', '支払済'], unless: ['by', 'out', 'in', 'on', 'date'] },
  { id: 'fare', type: 'amount', labels: ['fare', 'ticket price', 'ticket fare', '운임', '票价', '票价金额', '運賃'], asked: ['ticket'] },
  { id: 'tax free', type: 'amount', labels: ['tax free', 'non taxable', '면세 물품가액', '면세물품가액', '면세 금액', '면세금액', '면세합', '면세합계', '免税额', '非課税'] },
  { id: 'subtotal', type: 'amount', labels: ['subtotal', 'sub total', 'subttl', 'sub ttl', 'sbtl', 'net amount', 'net total', 'total net', 'amount before tax', 'total excl tax', '소계', '공급가액 합계', '공급가액', '총 상품금액', '상품 금액', '주문금액', '小计', '金额合计', '不含税金额', '商品总额', '货款合计', '销售额合计', '小計', '税抜金額', 'merchandise', 'net'], asked: ['amount without tax'], unless: ['pay', 'weight', 'terms', 'days'] },
  { id: 'tax', type: 'amount', labels: ['total tax', 'tax amount', 'vat amount', 'sales tax', 'vat', 'gst', 'hst', 'tax', 'tax 1', 'tax1', 'tx1', 'tx', '세액 합계', '부가가치세', '부가세액', '부가세', '세액', '세금', '税额合计', '增值税', '税额', '税金', '消費税等', '消費税', '内消費税', '消費税等相当額', '营业税', '税额'], unless: ['income', 'council', 'road', '소득세', '登録', 'no', 'number', 'reg', 'id', 'code', 'invoice', 'before', 'excl', '번호', '号码', '税号', '番号', 'number.', 'sub'] },
  { id: 'discount', type: 'amount', labels: ['discount', 'total discount', 'savings', 'you saved', '할인 금액', '할인금액', '할인액', '할인', '优惠金额', '优惠', '店铺优惠', '会员优惠', '折扣', '减免', '割引', '値引', '値引き', '割引額', 'promo code', 'coupon', 'promotion', '쿠폰 할인', '쿠폰'] },
  { id: 'tip', type: 'amount', labels: ['service charge', 'service', 'gratuity', 'tip', '봉사료', '팁', '服务费', '小费', 'サービス料'], unless: ['customer', 'date', 'period', 'address', 'number', 'no'] },
  { id: 'shipping', type: 'amount', labels: ['shipping and handling', 'shipping & handling', 'shipping cost', 'shipping', 'delivery fee', 'delivery cost', 'carriage', 'delivery charge', 'postage', 'freight', 'delivery', '배송비', '배달비', '운송비', '택배비', '运费', '邮费', '配送费', '送料', '配送料'], unless: ['address', 'date', 'method', 'note', 'estimated', 'time', 'no', 'number', 'terms', 'to'] },
  { id: 'change', type: 'amount', labels: ['change due', 'change', '거스름돈', '거스름', '找零', '找回', 'お釣り', 'お釣', '釣銭', 'おつり', '釣り'], unless: ['address', 'of', 'password'] },
  { id: 'cash', type: 'amount', labels: ['cash tendered', 'amount tendered', 'cash paid', 'amount paid', 'cash', 'tendered', '받은 금액', '받은금액', '현금', '现金', '收款', '実収', '现金支付', '预收', '实收', '实收金额', 'お預り', 'お預かり', '預り金', '預り', '現金'], unless: ['change', '변경', 'back'] },
  { id: 'balance', type: 'amount', labels: ['closing balance', 'ending balance', 'new balance', 'current balance', 'account balance', 'balance', '최종 잔액', '기말 잔액', '잔액', '期末余额', '余额', '結餘', '残高'] , unless: ['opening', 'previous', 'due', 'sheet'] },
  { id: 'opening balance', type: 'amount', labels: ['opening balance', 'beginning balance', 'starting balance', 'previous balance', 'balance brought forward', '이전 잔액', '전월 잔액', '期初余额', '上期余额', '前回残高'] },
  { id: 'minimum payment', type: 'amount', labels: ['minimum payment', 'minimum amount due', 'minimum payment due', '최소 결제 금액', '最低还款额'] },
  { id: 'credit limit', type: 'amount', labels: ['credit limit', '이용한도', '信用额度', '利用限度額'] },
  { id: 'fee', type: 'amount', labels: ['annual fee', 'membership fee', 'fee', '연회비', '年费', '年会費', '会費'] },
  { id: 'deposit', type: 'amount', labels: ['deposit', '보증금', '예치금', '押金', '定金', '保証金'] },
  { id: 'salary', type: 'amount', labels: ['net pay', 'gross pay', 'salary', 'wage', '실수령액', '급여', '月薪', '工资', '薪资', '給与'] },
  { id: 'gross pay', type: 'amount', labels: ['gross pay', 'gross salary', 'gross', '지급총액', '총 지급액', '应发工资', '総支給額'], unless: ['weight'] },

  // dates
  { id: 'issue date', type: 'date', labels: ['date of issue', 'issue date', 'issued on', 'issued', '발급일자', '발급일', '발행일자', '발행일', '签发日期', '发证日期', '签发日', '交付日', '交付', '発行日', 'iss', 'invoice date', 'bill date', 'billing date', '작성일자', '작성일', '견적일', '开票日期', '填开日期', '開立日期', '発行年月日', '請求日'], also: ['statement date', 'date', '날짜', '일자', '日期', '日付'], unless: otherDates },
  { id: 'date', type: 'date', labels: ['date', 'date of issue', 'issue date', 'issued', 'transaction date', 'invoice date', 'date of invoice', 'receipt date', 'order date', 'statement date', 'document date', 'dated', '일시', '날짜', '일자', '작성일자', '작성일', '발행일자', '발행일', '거래일시', '거래일자', '거래일', '판매일시', '주문일시', '주문일', '결제일시', '승인일시', '일 시', '日期', '开票日期', '交易日期', '交易时间', '日期时间', '下单时间', '订单日期', '签发日期', '时间', '日付', '発行日', '取引日', '日時', '年月日', 'bill date', 'quote date', 'purchase date', 'date of purchase', 'purchased on', '구입일', '구매일', '구입일자', '계약일', '购买日期', '合同日期', '購入日', '契約日', '견적일', '申込日'], asked: ['day', 'when', '언제', '며칠', '什么时候', '哪天', '哪一天', '几号', 'いつ'], unless: otherDates },
  { id: 'invoice date', type: 'date', labels: ['invoice date', 'date of invoice', 'date of issue', 'issue date', 'billing date', 'tax point', '작성일자', '발행일자', '작성일', '발행일', '开票日期', '发票日期', '開立日期', '請求日', '発行日', 'issued', 'issued on'], also: ['date', '날짜', '일자', '日期', '日付'], asked: ['date of the invoice'], unless: otherDates },
  { id: 'due date', type: 'date', labels: ['due date', 'payment due date', 'payment due', 'date due', 'payment deadline', 'pay by', 'please pay by', 'payable by', 'due by', 'due on', 'due', '지급기한', '지급 기한', '납부기한', '납부 기한', '결제기한', '결제 기한', '결제일', '납기일', '납부기일', '납부 마감일', '납부마감일', '납입기한', '付款期限', '付款截止日期', '付款截止日', '缴费截止日', '最迟付款日', '付款日期', '到期日', '截止日期', '还款日', '繳款期限', '支払期限', 'お支払期限', 'お支払い期限', '支払期日', 'お支払期日', '振込期限'], asked: ['deadline', 'date of payment'], unless: ['amount', 'total', 'balance', 'tax', 'payment amount', 'minimum'] },
  { id: 'order date', type: 'date', labels: ['order date', 'date of order', 'ordered on', 'order placed', '주문일자', '주문일시', '주문일', '주문 일자', '订单日期', '下单日期', '下单时间', '订购日期', '注文日', '注文日時', 'ご注文日'] },
  { id: 'delivery date', type: 'date', labels: ['delivery date', 'date of delivery', 'estimated delivery', 'expected delivery', 'delivered on', 'deliver by', 'required by', 'ship date', 'shipping date', '배송일', '배송 예정일', '배송예정일', '도착 예정일', '납품일', '납품일자', '인도일', '交货日期', '发货日期', '送货日期', '到货日期', '预计送达', '送达时间', '納品日', '納期', 'お届け日', '配送日', 'お届け予定日'] },
  { id: 'birth date', type: 'date', labels: ['date of birth', 'birth date', 'birthday', 'birthdate', 'dob', 'born', '생년월일', '출생일', '出生日期', '出生年月', '出生', '生日', '生年月日'], asked: ['born on'] },
  { id: 'expiry date', type: 'date', labels: ['date of expiry', 'expiry date', 'expiration date', 'valid until', 'valid thru', 'expires', 'expires on', 'exp', '유효기간', '유효기한', '만료일', '유효 기간', '有效期至', '有效期限', '有效期', '失效日期', '有効期限'] },
  { id: 'arrival', type: 'date', labels: ['arrival', 'arrival date', 'date of arrival', 'check-in', 'check in', '체크인', '입실일', '入住日期', '入住', 'チェックイン'] },
  { id: 'departure', type: 'date', labels: ['departure', 'departure date', 'date of departure', 'check-out', 'check out', '체크아웃', '퇴실일', '离店日期', '离店', 'チェックアウト'] },
  { id: 'start date', type: 'date', labels: ['start date', 'first day', 'date from', 'from date', 'begin date', 'valid from', '시작일', '시작일자', '시작 일자', '개시일', '开始日期', '起始日期', '开始时间', '開始日'], asked: ['beginning'] },
  { id: 'end date', type: 'date', labels: ['end date', 'last day', 'date to', 'to date', '종료일', '종료일자', '종료 일자', '마감일', '结束日期', '终止日期', '结束时间', '終了日'] },
  { id: 'hire date', type: 'date', labels: ['date of hire', 'hire date', 'joining date', 'date of joining', 'employment date', '입사일', '입사일자', '入职日期', '入职时间', '入社日'] },
  { id: 'period', type: 'text', labels: ['statement period', 'billing period', 'service period', 'pay period', 'period', '조회기간', '조회 기간', '사용기간', '청구기간', '대상기간', '账单周期', '计费周期', '结算周期', 'ご使用期間', '使用期間', '対象期間', '期間'] },
  { id: 'statement date', type: 'date', labels: ['statement date', 'statement closing date', 'date of statement', 'closing date', '账单日', '出账日期', '기준일', '明細発行日'], also: ['date'], unless: otherDates.filter((word) => word !== 'closing') },
  { id: 'signature date', type: 'date', labels: ['signed on', 'date signed', 'signature date', 'signed', '서명일', '签字日期', '签署日期', '署名日'] },
  { id: 'time', type: 'time', labels: ['time', '시간', '시각', '时间', '時刻', '時間'], also: ['일시', '거래일시', '일자', 'date', '日期', '日付', '日時'], asked: ['what time', '몇 시', '几点', '何時'] },

  // numbers that name
  { id: 'invoice number', type: 'identifier', labels: ['invoice number', 'invoice no', 'invoice #', 'invoice id', 'inv no', 'inv #', 'inv', 'tax invoice no', 'bill no', 'bill number', 'bill #', '송장번호', '송장 번호', '인보이스 번호', '계산서번호', '계산서 번호', '청구서 번호', '청구서번호', '发票号码', '发票号', '发票编号', '發票號碼', '請求書番号', '請求番号', '請求書no', '請求no'], behind: ['invoice', 'invoice nr', 'facture', 'rechnung'] },
  { id: 'receipt number', type: 'identifier', labels: ['receipt number', 'receipt no', 'receipt #', 'receipt id', 'transaction no', 'transaction number', 'trans no', 'ticket no', 'check no', 'check #', 'chk #', 'chk', 'trans #', 'trans', 'ticket #', 'slip no', 'receipt', '영수증번호', '영수증 번호', '전표번호', '거래번호', '小票号', '收据号码', '收据编号', '单号', '流水号', '交易号', 'レシート番号', '伝票番号', '取引番号', 'レシートno', '領収書番号'], behind: ['check', 'ticket', 'folio'] },
  { id: 'order number', type: 'identifier', labels: ['order number', 'order no', 'order #', 'order id', 'order ref', 'order reference', 'po number', 'po no', 'p.o. no', 'purchase order no', 'purchase order', 'your order', '주문번호', '주문 번호', '발주번호', '订单编号', '订单号', '订单号码', '訂單編號', '采购单号', 'po #', 'p.o. number', 'p.o. #', '注文番号', 'ご注文番号', '発注番号'], behind: ['order'] },
  { id: 'document number', type: 'identifier', labels: ['document number', 'document no', 'form no', 'form number', 'form', 'reference number', 'reference no', 'reference', 'ref no', 'ref', '문서번호', '서식번호', '서식', '관리번호', '접수번호', '编号', '单据编号', '文件编号', '表格编号', '文号', '单号', '견적번호', '견적 번호', 'quote no', 'quote number', 'quotation no', '管理番号', '文書番号', '番号', 'no'] },
  { id: 'customer number', type: 'identifier', labels: ['customer number', 'customer no', 'customer id', 'client no', 'client id', 'member no', 'membership number', '고객번호', '고객 번호', '회원번호', '客户编号', '客户号', '会员号', '会员卡号', '客户代码', 'お客様番号', 'お客様コード', '会員番号', 'customer #', 'account #', 'vendor id'] },
  { id: 'employee number', type: 'identifier', labels: ['employee number', 'employee no', 'employee id', 'staff no', 'staff id', 'personnel number', '사원번호', '사번', '직원번호', '工号', '员工编号', '员工号', '社員番号'] },
  { id: 'account number', type: 'identifier', labels: ['account number', 'account no', 'acct no', 'a/c no', 'bank account', 'account', '계좌번호', '입금 계좌', '입금계좌', '납부계좌', '납부 계좌', '계좌', '银行账号', '银行帐号', '账号', '帐号', '賬號', '口座番号', '普通', '当座', 'iban'], unless: ['balance', 'name', 'holder', 'ending', 'manager', 'type'] },
  { id: 'iban', type: 'identifier', labels: ['iban', 'iban no', 'iban number'] },
  { id: 'bic', type: 'identifier', labels: ['bic', 'swift', 'swift code', 'bic/swift', 'swift/bic', 'bic code'] },
  { id: 'sort code', type: 'identifier', labels: ['sort code', 'sort-code', 'routing number', 'routing no', 'bank code', 'blz'] },
  { id: 'tax number', type: 'identifier', labels: ['vat no', 'vat number', 'vat reg no', 'vat registration number', 'vat registration no', 'vat registration', 'vat reg', 'vat id', 'tax id', 'tax number', 'tax no', 'gst no', 'gst id', 'gst reg no', 'ein', 'vat', 'tin', 'abn', '사업자등록번호', '사업자 등록번호', '사업자번호', '사업자 번호', '등록번호', '统一社会信用代码/纳税人识别号', '纳税人识别号', '统一社会信用代码', '统一编号', '税号', '登録番号'], asked: ['vat registration number', 'business registration number', 'registration number'] },
  { id: 'company number', type: 'identifier', labels: ['company number', 'company no', 'company reg no', 'registered number', 'co. reg. no', '법인등록번호', '注册号', '法人番号'] },
  { id: 'card number', type: 'identifier', labels: ['card number', 'card no', 'card #', '카드번호', '카드 번호', '卡号', 'カード番号'], behind: ['visa', 'mastercard', 'amex', '신한카드', '국민카드', '삼성카드', '현대카드', '银联'] },
  { id: 'approval code', type: 'identifier', labels: ['authorisation code', 'authorization code', 'auth code', 'approval code', 'approval no', '승인번호', '승인 번호', '授权码', '授权号', '承認番号'] },
  { id: 'identity number', type: 'identifier', labels: ['identity number', 'identity no', 'id number', 'id no', 'identification number', 'national id', 'licence no', 'license no', 'licence number', 'license number', 'lic no', 'lic #', 'dl no', 'document no', 'document number', '주민등록번호', '면허번호', '등록번호', '公民身份号码', '身份证号码', '身份证号', '身份号码', '证件号码', '有效身份证件号码', '身份号', '免許証番号', '個人番号'] },
  { id: 'passport number', type: 'identifier', labels: ['passport number', 'passport no', '여권번호', '护照号码', '护照号', '旅券番号'] },
  { id: 'tracking number', type: 'identifier', labels: ['tracking number', 'tracking no', 'tracking id', '운송장번호', '송장번호', '快递单号', '运单号', '追跡番号'] },
  { id: 'postal code', type: 'identifier', labels: ['postal code', 'postcode', 'zip code', 'zip', '우편번호', '邮政编码', '邮编', '郵便番号'] },
  { id: 'table number', type: 'identifier', labels: ['table number', 'table no', 'table', '테이블 번호', '테이블', '桌号', '台号', 'テーブル番号'] },
  { id: 'prescription number', type: 'identifier', labels: ['prescription number', 'prescription no', 'rx number', 'rx no', 'rx', '처방전번호', '处方号', '処方箋番号'] },
  { id: 'room number', type: 'identifier', labels: ['room number', 'room no', '객실번호', '객실 번호', '房号', '房间号', '部屋番号'], behind: ['room', '객실', '房间'] },
  { id: 'flight number', type: 'identifier', labels: ['flight number', 'flight no', 'flight', '편명', '航班号', '航班', '便名'] },
  { id: 'train number', type: 'identifier', labels: ['train number', 'train no', 'train', '열차번호', '열차 번호', '车次', '列車番号'] },
  { id: 'seat', type: 'identifier', labels: ['seat number', 'seat no', 'seat', '좌석번호', '좌석 번호', '좌석', '座位号', '座位', '席位', '座席番号', '座席'] },
  { id: 'serial number', type: 'identifier', labels: ['serial number', 'serial no', 's/n', '일련번호', '제조번호', '序列号', '流水编号', 'シリアル番号'] },
  { id: 'extension', type: 'number', labels: ['extension', 'ext', '내선번호', '내선', '分机号', '分机', '内線'] },

  // how to reach someone
  { id: 'phone', type: 'phone', labels: ['telephone', 'telephone number', 'telephone no', 'phone number', 'phone no', 'phone', 'tel no', 'tel', 'contact number', 'contact no', 'call', '전화번호', '전화', '연락처', '대표전화', '电话号码', '联系电话', '电话', '電話番号', '電話', 'お電話', '代表', '座机', '联系方式', '服务热线', '고객센터', 'customer services', 'home phone', 'office phone', 'work phone'], asked: ['number to call', '연락 번호'], unless: ['fax', '팩스', '传真'] },
  { id: 'mobile', type: 'phone', labels: ['mobile', 'mob', 'hp', 'h.p', 'handphone', 'mobile number', 'mobile phone', 'cell', 'cell phone', 'cellphone', '휴대전화', '휴대폰', '핸드폰', '手机号码', '手机号', '手机', '携帯電話', '携帯', '携帯番号'] },
  { id: 'fax', type: 'phone', labels: ['fax', 'fax number', 'fax no', 'facsimile', '팩스', '팩스번호', '传真', '传真号', '传真号码', 'ファックス', 'fax番号', 'ファクス'] },
  { id: 'email', type: 'email', labels: ['e-mail', 'email', 'e-mail address', 'email address', 'mail', '이메일', '전자우편', '메일', '이메일 주소', '电子邮箱', '电子邮件', '邮箱', '邮箱地址', 'メール', 'メールアドレス', 'eメール'] },
  { id: 'website', type: 'url', labels: ['website', 'web site', 'web', 'homepage', 'url', 'internet', '홈페이지', '웹사이트', '누리집', '网址', '网站', 'ホームページ'], asked: ['web address', 'web page'] },
  { id: 'address', type: 'text', labels: ['address', 'street address', 'postal address', 'mailing address', 'home address', 'business address', 'shipping address', 'delivery address', 'billing address', '주소', '사업장 주소', '소재지', '사업장', '배송지', '地址', '住址', '门店地址', '收货地址', '住所', 'ご住所', '所在地'], asked: ['located', '위치', '在哪里', '所在地'], unless: ['email', 'e-mail', 'mail', 'web', '이메일', '邮箱', 'ip'] },
  { id: 'delivery address', type: 'text', labels: ['delivery address', 'shipping address', 'ship to address', 'ship to', 'deliver to', 'delivered to', 'shipped to', '배송지', '배송 주소', '배송주소', '배송지 주소', '받는 곳', '收货地址', '送货地址', '收件地址', '配送地址', 'お届け先', 'お届け先住所', '配送先', '納品先'], unless: ['name', 'method'] },
  { id: 'billing address', type: 'text', labels: ['billing address', 'invoice address', 'bill to address', '청구지', '청구지 주소', '账单地址', '发票地址', '請求先住所'] },

  // who and what
  { id: 'company', type: 'text', labels: ['company name', 'company', 'store name', 'store', 'merchant', 'seller', 'vendor', 'supplier', 'vendor name', 'supplier name', 'seller name', 'remit to', 'sold by', 'purchased from', 'from', 'issued by', '상호', '상호명', '업체명', '회사명', '가맹점명', '가맹점', '매장명', '공급자', '판매자', '商店名称', '供应商', '供货单位', '销售方', '销售方名称', '供应商名称', '公司名称', '公司', '商户名称', '商户', '店名', '开票方', '門市', '会社名', '店名', '販売元', '発行者'], asked: ['shop', 'store', 'hotel', 'firm', 'organisation', 'organization', 'cafe', 'supermarket', '店的名字', '店の名前', '会社の名前', '병원', '의원', '약국', '호텔', '식당', '카페', '마트', '酒店', '餐厅', '饭店', '医院', '超市', 'ホテル', '病院', 'レストラン', '発行元', '発行元の会社', '請求元', 'shop name', 'name of the shop', 'name of the store', 'name of the company', 'business', 'business name', 'restaurant', 'issuer', 'name of the seller', '가게', '가게 이름', '상점', '회사', '회사 이름', '상호명', '商店', '公司名', '哪家公司', '哪家店', '商店名称', '会社', '店'] },
  { id: 'customer', type: 'text', labels: ['bill to', 'billed to', 'invoice to', 'invoiced to', 'sold to', 'charge to', 'prepared for', 'attention of', 'customer name', 'customer', 'client', 'client name', 'buyer', 'buyer name', 'consignee', 'ship to', 'to', 'guest', 'guest name', '공급받는 자', '공급받는자', '구매자', '고객명', '고객', '받는 분', '받는분', '받는 사람', '수령인', '주문자', '수신', '수신처', '공급받는자 상호', '购买方', '购买方名称', '买方', '客户名称', '客户', '收货人', '收件人', '付款方', '付款单位', '购货单位', '購買方', 'お客様名', 'お客様', '購入者', '宛先', '請求先'], asked: ['recipient', 'name of the customer', 'customer name', 'お届け先名'], unless: ['no', 'number', 'id', 'copy', 'service', 'services', 'care', 'address', 'signature', 'since', 'phone', 'email', 'tel', '번호', '센터', '编号', '号', '地址', '电话', '服务', '番号'] },
  { id: 'account holder', type: 'text', labels: ['account holder', 'account holder name', 'account name', 'name on account', 'cardholder', 'card holder', '예금주', '예금주명', '户名', '账户名称', '口座名義', '口座名義人', '名義人', '名義'] },
  { id: 'name', type: 'text', labels: ['full name', 'name', 'your name', 'applicant name', 'name of applicant', 'employee name', '성명', '이름', '성함', '신청인 성명', '姓名', '申请人姓名', '名字', '旅客姓名', '患者姓名', '名称', '氏名', 'お名前', '名前', '신청인', '신고인', '申请人', 'patient name', 'patient', 'guest name', 'guest', 'applicant', 'passenger name', 'passenger', 'cardholder', '申込者'], asked: ['이름', '名字', 'person', 'person name', 'who', '누구', '谁'], unless: ['company', 'file', 'user', 'product', 'item', 'bank', 'given', 'first', 'last', 'store', 'customer', 'business', 'account'] },
  { id: 'given name', type: 'text', labels: ['given names', 'given name', 'first name', 'forename', '이름', '名', '名字'] },
  { id: 'surname', type: 'text', labels: ['surname', 'last name', 'family name', '성', '姓氏', '姓'] },
  { id: 'position', type: 'text', labels: ['position', 'job title', 'occupation', 'profession', 'title', 'role', 'designation', '직업', '职业', '職業', '직위', '직책', '직급', '직함', '职位', '职务', '岗位', '職位', '役職', '職種'] },
  { id: 'department', type: 'text', labels: ['department', 'dept', 'division', 'section', 'unit', '부서', '부서명', '소속', '部门', '所属部门', '部門', '部署', '所属'], unless: ['price', 'cost'] },
  { id: 'contact', type: 'text', labels: ['contact person', 'contact name', 'contact', 'attention', 'attn', '담당자', '담당', '联系人', '联络人', '經辦人', '经办人', '担当者', '担当'], unless: ['emergency', 'number', 'no', 'us', 'details'] },
  { id: 'cashier', type: 'text', labels: ['cashier', 'served by', 'server', 'your server', 'your cashier', 'operator', 'op', 'clerk', 'staff', '계산원', '캐셔', '담당', '收银员', '营业员', '操作员', 'レジ担当', '担当', '責', '責no', '담당자'] },
  { id: 'approved by', type: 'text', labels: ['approved by', 'authorised by', 'authorized by', '승인자', '결재자', '审批人', '批准人', '承認者'] },
  { id: 'signed by', type: 'text', labels: ['signed by', 'signature', '서명', '签字', '签名', '署名'], unless: ['date'] },
  { id: 'representative', type: 'text', labels: ['representative', 'ceo', 'director', '대표자', '대표이사', '대표자명', '대표', '法定代表人', '法人代表', '代表者', '代表取締役'], asked: ['대표자 이름', '대표 이름', '대표자 성명'], unless: ['전화', '번호', '电话', '電話'] },
  { id: 'doctor', type: 'text', labels: ['doctor', 'physician', 'primary physician', 'prescriber', 'attending physician', 'provider', '담당의', '담당의사', '주치의', '의사', '医生', '医师', '主治医师', '担当医', '医師'], unless: ['phone', 'number', 'no', 'signature', '전화'] },
  { id: 'sender', type: 'text', labels: ['sender', 'shipper', 'sent by', 'from', '보내는 분', '보내는 사람', '발송인', '寄件人', '发件人', '送り主', 'ご依頼主', '差出人'], asked: ['who sent it'] },
  { id: 'employer', type: 'text', labels: ['employer', 'employer name', '고용주', '근무처', '工作单位', '用人单位', '勤務先'] },
  { id: 'employee', type: 'text', labels: ['employee', 'employee name', '직원명', '사원명', '员工姓名', '员工', '社員名', '従業員'], unless: ['id', 'no', 'number', 'signature'] },
  { id: 'bank', type: 'text', labels: ['bank name', 'bank', '은행명', '은행', '开户银行', '开户行', '银行', '銀行名', '銀行'] , unless: ['account', 'transfer'] },
  { id: 'payment method', type: 'text', labels: ['payment method', 'method of payment', 'paid by', 'payment type', 'tender', '결제수단', '결제 수단', '결제방법', '결제 방법', '지불 방법', '지불수단', '결제구분', '支付方式', '付款方式', '支払方法', 'お支払方法', 'お支払い方法'], asked: ['how was it paid', 'how it was paid'] },
  { id: 'nationality', type: 'text', labels: ['nationality', 'citizenship', '국적', '国籍'] },
  { id: 'sex', type: 'text', labels: ['sex', 'gender', '성별', '性别', '性別'] },
  { id: 'birthplace', type: 'text', labels: ['place of birth', 'birthplace', '출생지', '出生地', '本籍'] },
  { id: 'issuing authority', type: 'text', labels: ['issuing authority', 'authority', 'issued by', '발급기관', '签发机关', '发证机关', '発行機関', '交付機関'], asked: ['issued by', 'issuer'] },
  { id: 'subject', type: 'text', labels: ['subject', 're', 'regarding', '제목', '건명', '主题', '标题', '件名'], asked: ['title', 'topic', 'heading', 'document title'] },
  { id: 'reason', type: 'text', labels: ['reason', 'remarks', 'comments', 'notes', 'note', '사유', '신청 사유', '비고', '특이사항', '原因', '请假事由', '事由', '备注', '説明', '理由', '備考'] },
  { id: 'item count', type: 'number', labels: ['item count', 'number of items', 'items', 'no of items', 'items sold', 'total items', 'total qty', 'total quantity', '상품수', '총 수량', '수량 합계', '품목 수', '건수', '件数', '商品总数', '总件数', '数量合计', '总数量', '点数', '買上点数', 'お買上点数', '合計点数'] },
  { id: 'quantity', type: 'number', labels: ['total quantity', 'total qty', 'item count', 'items', 'quantity', 'qty', '총 수량', '수량 합계', '상품수', '수량', '商品总数', '总数量', '件数', '数量', '点数', '個数'] },
  { id: 'pages', type: 'number', labels: ['pages', 'number of pages', 'no of pages', '페이지 수', '쪽수', '页数', '枚数'] },
  { id: 'weight', type: 'text', labels: ['weight', 'net weight', 'gross weight', '무게', '중량', '重量', '净重'] },
  { id: 'usage', type: 'text', labels: ['usage', 'consumption', '사용량', '用量', '使用量', 'ご使用量'] },
];
