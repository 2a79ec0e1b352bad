/** What rules may ask for: what a filter of assets may. */
import type { FieldCatalogue } from "../query/fields.ts";
import { assetFields } from "../store/fields.ts";

/** A word without a field does not look into tags: a rule would depend on all of them. */
export const ruleFields: FieldCatalogue = {
	...assetFields,
	bare: assetFields.bare.filter((name) => name !== "tags"),
};
