// The house's rules for the document, each with a name. `check` calls `fault(where, what)` for each breach.

import http from "./rules/http.mjs";
import naming from "./rules/naming.mjs";
import shapes from "./rules/shapes.mjs";
import texts from "./rules/texts.mjs";

export const rules = [...texts, ...naming, ...shapes, ...http];

/** All breaches of one document: [{rule, at, what}]. */
export function breaches(document, chosen = rules) {
  const found = new Map();
  for (const rule of chosen) {
    rule.check(document, (at, what) => found.set(`${rule.name} ${at} ${what}`, { rule: rule.name, at: decodeURI(at.replaceAll("%", "%25")), what }));
  }
  return [...found.values()];
}
