// The schemas that come with Lectern, by the name they are called with. Knows their files, not what they mean.
import businessCard from '../../resources/schemas/business-card.json';
import identityCard from '../../resources/schemas/identity-card.json';
import invoice from '../../resources/schemas/invoice.json';
import order from '../../resources/schemas/order.json';
import receipt from '../../resources/schemas/receipt.json';
import statement from '../../resources/schemas/statement.json';

/** Unparsed: `parseExtractionSchema` fills in what they leave out. */
export const bundledSchemas: Readonly<Record<string, unknown>> = { receipt, invoice, 'business-card': businessCard, 'identity-card': identityCard, statement, order };
