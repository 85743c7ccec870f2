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
  /** Words beside a label that make it the label of something else. */
  readonly unless?: readonly string[];
}

const partOfTotal = ['sub', 'tax', 'vat', 'gst', 'net', 'qty', 'quantity', 'item', 'items', 'discount', 'saving', 'savings', 'weight', 'pages', 'points', 'before', 'excl', 'ex', 'days', 'hours', '세액', '세금', '공급가', '공급가액', '부가세', '수량', '면세', '과세', '할인', '상품', '일수', '税额', '税金', '数量', '件数', '商品', '优惠', '折扣', '小计', '天数', '小計', '税', '点数', '対象'];

export const concepts: readonly Concept[] = [
  // amounts
  {
    id: 'total', type: 'amount', unless: partOfTotal,
    labels: ['grand total', 'total due', 'amount due', 'total amount due', 'total amount', 'balance due', 'total payable', 'amount payable', 'invoice total', 'order total', 'total to pay', 'to pay', 'total price', 'total',
      '총 결제 금액', '총 결제금액', '결제 금액', '결제금액', '총 합계', '총 금액', '총금액', '총액', '합계 금액', '합계금액', '합계액', '청구 금액', '청구금액', '받을 금액', '받을금액', '지불 금액', '합계', '총계',
      '价税合计', '应付金额', '应付总额', '实付金额', '实付款', '实付', '实收金额', '应收金额', '订单总额', '总金额', '合计金额', '总计', '总额', '总价', '合计', '應付金額', '總金額', '總計', '合計金額',
      'ご請求金額', '請求金額', '総合計', '税込合計', '合計', 'お買上計'],
    asked: ['total cost', 'total sum', 'sum', 'sum total', 'final amount', 'bill', 'price', '얼마', '전체 금액', '가격', '최종 금액', '一共多少钱', '总共多少钱', '多少钱', '总共', '一共', '花了多少钱', '合計額', 'いくら'],
  },
  { id: 'subtotal', type: 'amount', labels: ['subtotal', 'sub total', 'net amount', 'net total', 'total net', 'amount before tax', 'total excl tax', '소계', '공급가액 합계', '공급가액', '小计', '金额合计', '不含税金额', '小計', '税抜金額'], asked: ['net', 'amount without tax'] },
  { id: 'tax', type: 'amount', labels: ['total tax', 'tax amount', 'vat amount', 'sales tax', 'vat', 'gst', 'hst', 'tax', '세액 합계', '부가가치세', '부가세액', '부가세', '세액', '세금', '税额合计', '增值税', '税额', '税金', '消費税', '内消費税'], unless: ['no', 'number', 'reg', 'id', 'code', 'invoice', 'before', 'excl', '번호', '号码', '税号', '番号', 'number.', 'sub'] },
  { id: 'discount', type: 'amount', labels: ['discount', 'total discount', 'savings', 'you saved', '할인 금액', '할인금액', '할인액', '할인', '优惠金额', '优惠', '折扣', '减免', '割引', '値引'] },
  { id: 'tip', type: 'amount', labels: ['service charge', 'service', 'gratuity', 'tip', '봉사료', '팁', '服务费', '小费', 'サービス料'] },
  { id: 'shipping', type: 'amount', labels: ['shipping and handling', 'shipping', 'delivery charge', 'postage', 'freight', '배송비', '운송비', '运费', '邮费', '送料'], unless: ['address', 'date', 'method'] },
  { id: 'change', type: 'amount', labels: ['change due', 'change', '거스름돈', '거스름', '找零', '找回', 'お釣り', '釣銭', 'おつり'] },
  { id: 'cash', type: 'amount', labels: ['cash tendered', 'amount tendered', 'cash paid', 'amount paid', 'cash', 'tendered', '받은 금액', '받은금액', '현금', '现金', '收款', '実収', '现金支付', '预收', 'お預り', '現金'] },
  { id: 'balance', type: 'amount', labels: ['closing balance', 'new balance', 'current balance', 'account balance', 'balance', '잔액', '余额', '結餘', '残高'] , unless: ['opening', 'previous', 'due', 'sheet'] },
  { id: 'opening balance', type: 'amount', labels: ['opening balance', 'previous balance', 'balance brought forward', '이전 잔액', '전월 잔액', '期初余额', '上期余额', '前回残高'] },
  { id: 'minimum payment', type: 'amount', labels: ['minimum payment', 'minimum amount due', '최소 결제 금액', '最低还款额'] },
  { id: 'deposit', type: 'amount', labels: ['deposit', '보증금', '예치금', '押金', '定金', '保証金'] },
  { id: 'salary', type: 'amount', labels: ['net pay', 'gross pay', 'salary', 'wage', '실수령액', '급여', '月薪', '工资', '薪资', '給与'] },

  // dates
  { id: 'issue date', type: 'date', labels: ['date of issue', 'issue date', 'issued on', 'issued', '발급일자', '발급일', '발행일자', '발행일', '签发日期', '发证日期', '签发日', '交付日', '発行日', 'invoice date', '작성일자', '开票日期'] },
  { id: 'date', type: 'date', labels: ['date', 'date of issue', 'issue date', 'issued', 'transaction date', 'invoice date', 'date of invoice', 'receipt date', 'order date', 'statement date', 'document date', 'dated', '일시', '날짜', '일자', '작성일자', '작성일', '발행일자', '발행일', '거래일시', '거래일자', '거래일', '판매일시', '주문일시', '주문일', '결제일시', '승인일시', '일 시', '日期', '开票日期', '交易日期', '交易时间', '日期时间', '下单时间', '订单日期', '签发日期', '时间', '日付', '発行日', '取引日', '日時', '年月日'], asked: ['day', 'when', '언제', '며칠', '什么时候', '哪天', '哪一天', '几号', 'いつ'], unless: ['due', 'birth', 'expiry', 'delivery', 'start', 'end', 'first', 'last', 'signature', 'sign', 'update', 'valid', '생년', '입사', '만료', '유효', '시작', '종료', '出生', '到期', '入职', '开始', '结束', '截止', '有效', '付款', '更新', '支払', '生年', '入社', '有効'] },
  { id: 'invoice date', type: 'date', labels: ['invoice date', 'date of invoice', 'date of issue', 'issue date', 'billing date', 'tax point', '작성일자', '발행일자', '작성일', '발행일', '开票日期', '发票日期', '開立日期', '請求日', '発行日'], asked: ['date of the invoice'] },
  { id: 'due date', type: 'date', labels: ['due date', 'payment due date', 'payment due', 'date due', 'pay by', 'due by', 'due', '지급기한', '지급 기한', '납부기한', '납부 기한', '결제기한', '결제 기한', '결제일', '납기일', '付款期限', '付款截止日期', '到期日', '截止日期', '还款日', '繳款期限', '支払期限', 'お支払期限'], asked: ['payment deadline', 'deadline', 'date of payment'] },
  { id: 'order date', type: 'date', labels: ['order date', 'date of order', 'ordered on', 'order placed', '주문일자', '주문일시', '주문일', '주문 일자', '订单日期', '下单日期', '下单时间', '订购日期', '注文日'] },
  { id: 'delivery date', type: 'date', labels: ['delivery date', 'date of delivery', 'ship date', 'shipping date', '배송일', '납품일', '납품일자', '인도일', '交货日期', '发货日期', '送货日期', '納品日', '納期'] },
  { id: 'birth date', type: 'date', labels: ['date of birth', 'birth date', 'birthday', 'birthdate', 'dob', 'born', '생년월일', '출생일', '出生日期', '出生年月', '出生', '生日', '生年月日'], asked: ['born on'] },
  { id: 'expiry date', type: 'date', labels: ['date of expiry', 'expiry date', 'expiration date', 'valid until', 'valid thru', 'expires', 'exp', '유효기간', '만료일', '유효 기간', '有效期至', '有效期限', '有效期', '失效日期', '有効期限'] },
  { id: 'start date', type: 'date', labels: ['start date', 'first day', 'date from', 'from date', 'begin date', 'valid from', '시작일', '시작일자', '시작 일자', '개시일', '开始日期', '起始日期', '开始时间', '開始日'], asked: ['beginning'] },
  { id: 'end date', type: 'date', labels: ['end date', 'last day', 'date to', 'to date', '종료일', '종료일자', '종료 일자', '마감일', '结束日期', '终止日期', '结束时间', '終了日'] },
  { id: 'hire date', type: 'date', labels: ['date of hire', 'hire date', 'joining date', 'date of joining', 'employment date', '입사일', '입사일자', '入职日期', '入职时间', '入社日'] },
  { id: 'time', type: 'time', labels: ['time', '시간', '시각', '时间', '時刻', '時間'], asked: ['what time', '몇 시', '几点', '何時'] },

  // numbers that name
  { id: 'invoice number', type: 'identifier', labels: ['invoice number', 'invoice no', 'invoice #', 'invoice id', 'inv no', 'tax invoice no', 'bill no', 'bill number', '송장번호', '송장 번호', '인보이스 번호', '계산서번호', '계산서 번호', '청구서 번호', '청구서번호', '发票号码', '发票号', '发票编号', '發票號碼', '請求書番号', '請求番号'] },
  { id: 'receipt number', type: 'identifier', labels: ['receipt number', 'receipt no', 'receipt #', 'receipt id', 'transaction no', 'transaction number', 'trans no', 'ticket no', 'check no', 'slip no', 'receipt', '영수증번호', '영수증 번호', '전표번호', '거래번호', '小票号', '收据号码', '收据编号', '单号', '流水号', '交易号', 'レシート番号', '伝票番号', '取引番号'] },
  { id: 'order number', type: 'identifier', labels: ['order number', 'order no', 'order #', 'order id', 'order ref', 'order reference', 'po number', 'po no', 'p.o. no', 'purchase order no', 'purchase order', 'your order', '주문번호', '주문 번호', '발주번호', '订单编号', '订单号', '订单号码', '訂單編號', '采购单号', '注文番号'] },
  { id: 'document number', type: 'identifier', labels: ['document number', 'document no', 'form no', 'form number', 'form', 'reference number', 'reference no', 'reference', 'ref no', 'ref', '문서번호', '서식번호', '서식', '관리번호', '접수번호', '编号', '单据编号', '文件编号', '表格编号', '文号', '管理番号', '文書番号', '番号'] },
  { id: 'customer number', type: 'identifier', labels: ['customer number', 'customer no', 'customer id', 'client no', 'client id', 'member no', 'membership number', '고객번호', '고객 번호', '회원번호', '客户编号', '客户号', '会员号', '会员卡号', 'お客様番号', '会員番号'] },
  { id: 'employee number', type: 'identifier', labels: ['employee number', 'employee no', 'employee id', 'staff no', 'staff id', 'personnel number', '사원번호', '사번', '직원번호', '工号', '员工编号', '员工号', '社員番号'] },
  { id: 'account number', type: 'identifier', labels: ['account number', 'account no', 'a/c no', 'bank account', 'account', 'iban', '계좌번호', '입금 계좌', '입금계좌', '계좌', '银行账号', '银行帐号', '账号', '帐号', '賬號', '口座番号'], unless: ['balance', 'name', 'holder'] },
  { id: 'tax number', type: 'identifier', labels: ['vat no', 'vat number', 'vat reg no', 'vat id', 'tax id', 'tax number', 'tax no', 'gst no', 'gst id', 'gst reg no', 'ein', '사업자등록번호', '사업자 등록번호', '사업자번호', '사업자 번호', '纳税人识别号', '统一社会信用代码', '税号', '登録番号'], asked: ['vat registration number', 'business registration number', 'registration number'] },
  { id: 'company number', type: 'identifier', labels: ['company number', 'company no', 'company reg no', 'registered number', 'co. reg. no', '법인등록번호', '注册号', '法人番号'] },
  { id: 'card number', type: 'identifier', labels: ['card number', 'card no', 'card #', '카드번호', '카드 번호', '卡号', 'カード番号'] },
  { id: 'approval code', type: 'identifier', labels: ['authorisation code', 'authorization code', 'auth code', 'approval code', 'approval no', '승인번호', '승인 번호', '授权码', '授权号', '承認番号'] },
  { id: 'identity number', type: 'identifier', labels: ['identity number', 'identity no', 'id number', 'id no', 'identification number', 'national id', 'personal number', 'licence no', 'license no', 'licence number', 'license number', '주민등록번호', '면허번호', '등록번호', '公民身份号码', '身份证号码', '身份证号', '身份号码', '证件号码', '免許証番号', '個人番号'] },
  { id: 'passport number', type: 'identifier', labels: ['passport number', 'passport no', '여권번호', '护照号码', '护照号', '旅券番号'] },
  { id: 'tracking number', type: 'identifier', labels: ['tracking number', 'tracking no', 'tracking id', '운송장번호', '송장번호', '快递单号', '运单号', '追跡番号'] },
  { id: 'postal code', type: 'identifier', labels: ['postal code', 'postcode', 'zip code', 'zip', '우편번호', '邮政编码', '邮编', '郵便番号'] },
  { id: 'table number', type: 'identifier', labels: ['table number', 'table no', 'table', '테이블 번호', '테이블', '桌号', '台号', 'テーブル番号'] },
  { id: 'flight number', type: 'identifier', labels: ['flight number', 'flight no', 'flight', '편명', '航班号', '航班', '便名'] },
  { id: 'serial number', type: 'identifier', labels: ['serial number', 'serial no', 's/n', '일련번호', '제조번호', '序列号', '流水编号', 'シリアル番号'] },
  { id: 'extension', type: 'number', labels: ['extension', 'ext', '내선번호', '내선', '分机号', '分机', '内線'] },

  // how to reach someone
  { id: 'phone', type: 'phone', labels: ['telephone', 'telephone number', 'telephone no', 'phone number', 'phone no', 'phone', 'tel no', 'tel', 'contact number', 'contact no', 'call', '전화번호', '전화', '연락처', '대표전화', '电话号码', '联系电话', '电话', '電話番号', '電話', 'お電話'], asked: ['number to call', '연락 번호'], unless: ['fax', '팩스', '传真'] },
  { id: 'mobile', type: 'phone', labels: ['mobile', 'mobile number', 'mobile phone', 'cell', 'cell phone', 'cellphone', '휴대전화', '휴대폰', '핸드폰', '手机号码', '手机号', '手机', '携帯電話', '携帯'] },
  { id: 'fax', type: 'phone', labels: ['fax', 'fax number', 'fax no', 'facsimile', '팩스', '팩스번호', '传真', '传真号', 'ファックス'] },
  { id: 'email', type: 'email', labels: ['e-mail', 'email', 'e-mail address', 'email address', 'mail', '이메일', '전자우편', '메일', '이메일 주소', '电子邮箱', '电子邮件', '邮箱', '邮箱地址', 'メール', 'メールアドレス'] },
  { id: 'website', type: 'url', labels: ['website', 'web site', 'web', 'homepage', 'url', 'internet', '홈페이지', '웹사이트', '누리집', '网址', '网站', 'ホームページ'], asked: ['web address', 'web page'] },
  { id: 'address', type: 'text', labels: ['address', 'shipping address', 'delivery address', 'billing address', 'street address', '주소', '소재지', '배송지', '地址', '住址', '收货地址', '住所', 'ご住所'], asked: ['located', '위치', '在哪里', '所在地'], unless: ['email', 'e-mail', 'mail', 'web', '이메일', '邮箱'] },

  // who and what
  { id: 'company', type: 'text', labels: ['company name', 'company', 'store name', 'store', 'merchant', 'seller', 'vendor', 'supplier', 'from', 'issued by', '상호', '상호명', '업체명', '회사명', '가맹점명', '가맹점', '매장명', '공급자', '판매자', '销售方', '销售方名称', '公司名称', '公司', '商户名称', '商户', '店名', '开票方', '門市', '会社名', '店名', '販売元'], asked: ['shop', 'shop name', 'name of the shop', 'name of the store', 'name of the company', 'business', 'business name', 'restaurant', 'issuer', 'name of the seller', '가게', '가게 이름', '상점', '회사', '회사 이름', '상호명', '商店', '公司名', '哪家公司', '哪家店', '商店名称', '会社', '店'] },
  { id: 'customer', type: 'text', labels: ['bill to', 'billed to', 'invoice to', 'sold to', 'ship to', 'customer name', 'customer', 'client', 'buyer', '공급받는 자', '공급받는자', '구매자', '고객명', '고객', '받는 분', '수신', '购买方', '购买方名称', '买方', '客户名称', '客户', '收货人', '付款方', '購買方', 'お客様名', '購入者'], asked: ['recipient', 'name of the customer'], unless: ['no', 'number', 'id', 'copy', 'service', 'care', '번호', '编号', '号'] },
  { id: 'name', type: 'text', labels: ['full name', 'name', 'your name', 'applicant name', 'name of applicant', 'employee name', '성명', '이름', '성함', '신청인 성명', '姓名', '申请人姓名', '名字', '名称', '氏名', 'お名前', '名前'], asked: ['person', 'person name', 'who', '누구', '谁'], unless: ['company', 'file', 'user', 'product', 'item', 'bank', 'given', 'first', 'last', 'store', 'customer', 'business', 'account'] },
  { id: 'given name', type: 'text', labels: ['given names', 'given name', 'first name', 'forename', '이름', '名', '名字'] },
  { id: 'surname', type: 'text', labels: ['surname', 'last name', 'family name', '성', '姓氏', '姓'] },
  { id: 'position', type: 'text', labels: ['position', 'job title', 'title', 'role', 'occupation', '직위', '직책', '직급', '직함', '职位', '职务', '岗位', '職位', '役職', '職種'] },
  { id: 'department', type: 'text', labels: ['department', 'dept', 'division', 'section', 'unit', '부서', '부서명', '소속', '部门', '所属部门', '部門', '部署', '所属'], unless: ['price', 'cost'] },
  { id: 'contact', type: 'text', labels: ['contact person', 'contact name', 'contact', 'attention', 'attn', '담당자', '담당', '联系人', '經辦人', '经办人', '担当者', '担当'], unless: ['number', 'no', 'us', 'details'] },
  { id: 'cashier', type: 'text', labels: ['cashier', 'served by', 'server', 'your server', 'operator', '계산원', '캐셔', '담당', '收银员', '营业员', '操作员', 'レジ担当', '担当', '責'] },
  { id: 'bank', type: 'text', labels: ['bank name', 'bank', '은행명', '은행', '开户银行', '开户行', '银行', '銀行名', '銀行'] , unless: ['account', 'transfer'] },
  { id: 'payment method', type: 'text', labels: ['payment method', 'method of payment', 'paid by', 'payment type', 'tender', '결제수단', '결제 수단', '결제방법', '결제 방법', '지불 방법', '支付方式', '付款方式', '支払方法'], asked: ['how was it paid', 'how it was paid'] },
  { id: 'nationality', type: 'text', labels: ['nationality', 'citizenship', '국적', '国籍'] },
  { id: 'sex', type: 'text', labels: ['sex', 'gender', '성별', '性别', '性別'] },
  { id: 'birthplace', type: 'text', labels: ['place of birth', 'birthplace', '출생지', '出生地', '本籍'] },
  { id: 'issuing authority', type: 'text', labels: ['issuing authority', 'authority', 'issued by', '발급기관', '签发机关', '发证机关', '交付'] },
  { id: 'subject', type: 'text', labels: ['subject', 're', 'regarding', '제목', '건명', '主题', '标题', '件名'], asked: ['title', 'topic', 'heading', 'document title'] },
  { id: 'reason', type: 'text', labels: ['reason', 'remarks', 'comments', 'notes', 'note', '사유', '비고', '특이사항', '原因', '请假事由', '事由', '备注', '説明', '理由', '備考'] },
  { id: 'quantity', type: 'number', labels: ['total quantity', 'total qty', 'item count', 'items', 'quantity', 'qty', '총 수량', '수량 합계', '상품수', '수량', '商品总数', '总数量', '件数', '数量', '点数', '個数'], asked: ['number of items', 'how many items'] },
  { id: 'pages', type: 'number', labels: ['pages', 'number of pages', 'no of pages', '페이지 수', '쪽수', '页数', '枚数'] },
  { id: 'weight', type: 'text', labels: ['weight', 'net weight', 'gross weight', '무게', '중량', '重量', '净重'] },
];
