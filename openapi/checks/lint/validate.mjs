// Validates values against schemas of the document, as JSON Schema 2020-12 with formats.

import Ajv from "ajv/dist/2020.js";
import addFormats from "ajv-formats";

/** Formats of ours and of OpenAPI beyond those that ajv-formats checks; their patterns do the checking. */
export const OWN_FORMATS = ["password", "binary", "int32", "int64", "phone", "country", "language-tag", "partial-date", "line", "paragraphs", "half-hour"];

/** Formats that are checked. */
export const CHECKED_FORMATS = ["date", "date-time", "email", "uri", "uri-reference", "uuid"];

const engines = new WeakMap();
const compiled = new WeakMap();

/** What is wrong with `value`; empty if it fits. */
export function faultsOf(document, schema, value) {
  let ajv = engines.get(document);
  if (!ajv) {
    ajv = new Ajv({ strict: false, allErrors: true, validateFormats: true, logger: false });
    addFormats(ajv);
    for (const format of OWN_FORMATS) ajv.addFormat(format, true);
    ajv.addSchema({ $id: "document", components: document.components });
    engines.set(document, ajv);
  }
  try {
    let validate = compiled.get(schema);
    if (!validate) {
      validate = ajv.compile(absolute(schema));
      compiled.set(schema, validate);
    }
    if (validate(value)) return [];
    return validate.errors.map((error) => `${error.instancePath || "the value"} ${error.message}${error.params.additionalProperty ? ` (${error.params.additionalProperty})` : ""}`);
  } catch (error) {
    return [`the schema cannot be compiled: ${error.message}`];
  }
}

/** The schema with references that lead into the document wherever it is compiled. */
function absolute(value) {
  if (Array.isArray(value)) return value.map(absolute);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== "example" && key !== "examples" && key !== "discriminator")
      .map(([key, one]) => [key, key === "$ref" && typeof one === "string" && one.startsWith("#") ? `document${one}` : absolute(one)]),
  );
}
