// How bodies are built, so that every generator makes the same types of them.

import { allSchemas, bodies, hasProperties, isJson, isObject, nullBranch, pointer, reached, resolve, types } from "../document.mjs";
import { CHECKED_FORMATS, OWN_FORMATS } from "../validate.mjs";

/** Named `id` or `…_id`, yet no id of ours. */
const FOREIGN_IDS = ["request_id", "client_id"];

const branches = (schema) => [...(schema.oneOf ?? []), ...(schema.anyOf ?? [])];

const isReference = (schema) => typeof schema?.$ref === "string" && schema.$ref.startsWith("#/components/schemas/");

/** The properties of a schema, those of its `allOf` parts included. */
function propertiesOf(document, schema) {
  const whole = resolve(document, schema) ?? {};
  return Object.assign({}, ...(whole.allOf ?? []).map((part) => propertiesOf(document, part)), whole.properties);
}
function requiredOf(document, schema) {
  const whole = resolve(document, schema) ?? {};
  return [...(whole.required ?? []), ...(whole.allOf ?? []).flatMap((part) => requiredOf(document, part))];
}

export default [
  {
    name: "bodies-named",
    says: "The schema of every JSON body is a named one, and an object.",
    check(document, fault) {
      for (const { body, mediaType, at, found } of bodies(document)) {
        if (!isJson(mediaType) || !found.path.startsWith("/v1/")) continue;
        if (!isReference(body.schema)) fault(at, "has a schema without a name");
        const schema = resolve(document, body.schema) ?? {};
        const object = types(schema).includes("object") || hasProperties(schema) || schema.allOf || schema.oneOf;
        if (!object || types(schema).includes("array")) fault(at, "is not an object at its top");
      }
    },
  },
  {
    name: "request-closed",
    says: "Objects in requests refuse unknown properties.",
    check(document, fault) {
      for (const [at, schema] of reached(document, "request")) {
        if (!types(schema).includes("object") && !hasProperties(schema)) continue;
        const map = isObject(schema.additionalProperties) && !hasProperties(schema);
        const part = /\/allOf\/\d+$/.test(at);
        if (schema.additionalProperties !== false && schema.unevaluatedProperties !== false && !map && !part) fault(at, "lets unknown properties in");
      }
    },
  },
  {
    name: "response-required",
    says: "A key of a response is always present: all properties are required.",
    check(document, fault) {
      for (const [at, schema] of reached(document, "response")) {
        if (!hasProperties(schema)) continue;
        const missing = Object.keys(schema.properties).filter((name) => !(schema.required ?? []).includes(name));
        if (missing.length > 0) fault(at, `may lack ${missing.join(", ")}`);
      }
    },
  },
  {
    name: "nullable-enum-wrapped",
    says: "An enum is never nullable in place: wrap a $ref and null.",
    check(document, fault) {
      for (const [schema, at] of allSchemas(document)) {
        if (!Array.isArray(schema.enum)) continue;
        if (schema.enum.includes(null) || types(schema).includes("null")) fault(at, "is a nullable enum");
      }
      for (const [schema, at] of allSchemas(document)) {
        const all = branches(schema);
        if (all.some(nullBranch) && all.some((one) => Array.isArray(one.enum))) fault(at, "wraps an enum without a name");
      }
    },
  },
  {
    name: "lists-never-null",
    says: "Lists are never null.",
    check(document, fault) {
      for (const [at, schema] of reached(document, "response")) {
        const kinds = types(schema);
        const all = branches(schema);
        const listed = all.some((one) => types(resolve(document, one) ?? {}).includes("array"));
        if ((kinds.includes("array") && kinds.includes("null")) || (all.some(nullBranch) && listed)) fault(at, "is a list that may be null");
      }
    },
  },
  {
    name: "union-discriminated",
    says: "A union is oneOf of named schemas with a discriminator on type and a full mapping.",
    check(document, fault) {
      for (const [schema, at] of allSchemas(document)) {
        for (const key of ["oneOf", "anyOf"]) {
          const all = (schema[key] ?? []).filter((one) => !nullBranch(one));
          if (all.length < 2) {
            if (schema[key] && all.length === 1 && !isReference(all[0]) && hasProperties(all[0])) fault(at, "wraps an object without a name");
            continue;
          }
          if (key === "anyOf") fault(at, "is a union by anyOf");
          if (!all.every(isReference)) {
            fault(at, "is a union of schemas without names");
            continue;
          }
          if (schema.discriminator?.propertyName !== "type") {
            fault(at, "is a union without a discriminator on “type”");
            continue;
          }
          const mapping = schema.discriminator.mapping ?? {};
          const mapped = Object.values(mapping);
          for (const { $ref } of all) if (!mapped.includes($ref)) fault(at, `does not map ${$ref}`);
          for (const [value, target] of Object.entries(mapping)) {
            if (!all.some((one) => one.$ref === target)) fault(at, `maps “${value}” to a stranger`);
            const tag = resolve(document, propertiesOf(document, { $ref: target }).type) ?? {};
            const values = tag.const === undefined ? (tag.enum ?? []) : [tag.const];
            if (values.length !== 1 || values[0] !== value) fault(at, `“${value}” is not the one value of type in ${target}`);
            if (!requiredOf(document, { $ref: target }).includes("type")) fault(at, `type is not required in ${target}`);
          }
        }
      }
    },
  },
  {
    name: "id-pattern",
    says: "Ids have a pattern with their prefix.",
    check(document, fault) {
      const judge = (name, schema, at) => {
        if (!/(^|_)id$/.test(name) || FOREIGN_IDS.includes(name)) return;
        const all = [schema, ...branches(schema ?? {})].map((one) => resolve(document, one)).filter((one) => isObject(one) && !nullBranch(one));
        const patterns = [...all, ...all.flatMap(branches).map((one) => resolve(document, one))].map((one) => one?.pattern).filter(Boolean);
        if (!patterns.some((one) => /^\^[a-z]+_/.test(one))) fault(at, `id “${name}” has no pattern with a prefix`);
      };
      for (const [schema, at] of allSchemas(document)) {
        for (const [name, one] of Object.entries(schema.properties ?? {})) judge(name, one, at + pointer("properties", name));
      }
      for (const { found } of bodies(document)) {
        for (const { in: place, name, schema } of found.parameters) if (place !== "header") judge(name, schema, found.at + pointer("parameters", name));
      }
    },
  },
  {
    name: "list-shape",
    says: "Lists take limit and cursor and give data, has_more and next_cursor.",
    check(document, fault) {
      for (const { body, mediaType, at, direction, status, found } of bodies(document)) {
        const lists = /^list[A-Z]/.test(found.operation.operationId ?? "");
        if (direction !== "response" || status !== "200" || !isJson(mediaType) || !found.path.startsWith("/v1/")) continue;
        const properties = propertiesOf(document, body.schema);
        if (!lists) {
          if ("has_more" in properties || "next_cursor" in properties) fault(at, "is a page, but its operation is no list…");
          continue;
        }
        // Whoever reads messages is told what to do in an emergency, with the list and even when it is empty.
        const names = Object.keys(properties).filter((name) => name !== "emergency_notice").sort().join();
        if (names !== "data,has_more,next_cursor") fault(at, `has ${names || "nothing"} instead of data, has_more and next_cursor`);
        const kind = (name) => types(resolve(document, properties[name]) ?? {});
        if (!kind("data").includes("array")) fault(at, "data is no list");
        if (!isReference(resolve(document, properties.data)?.items)) fault(at, "the entries of data have no name");
        if (!kind("has_more").includes("boolean")) fault(at, "has_more is no boolean");
        const cursor = resolve(document, properties.next_cursor) ?? {};
        if (!types(cursor).includes("null") && !branches(cursor).some(nullBranch)) fault(at, "next_cursor is never null");
        for (const name of ["limit", "cursor"]) {
          if (!found.parameters.some((one) => one.in === "query" && one.name === name)) fault(found.at, `takes no “${name}”`);
        }
        for (const name of ["offset", "page", "page_size", "skip"]) {
          if (found.parameters.some((one) => one.name === name)) fault(found.at, `takes “${name}”`);
        }
      }
    },
  },
  {
    name: "formats-known",
    says: "Every format is one that is checked, or one of ours with a pattern: a misspelt one checks nothing.",
    check(document, fault) {
      for (const [schema, at] of allSchemas(document)) {
        if (schema.format !== undefined && !CHECKED_FORMATS.includes(schema.format) && !OWN_FORMATS.includes(schema.format)) {
          fault(at, `has the unknown format “${schema.format}”`);
        }
      }
    },
  },
  {
    name: "money-whole",
    says: "Money is {amount, currency} in whole minor units; nothing in the document is a float.",
    check(document, fault) {
      for (const [schema, at] of allSchemas(document)) {
        if (types(schema).includes("number")) fault(at, "is a number that need not be whole");
        if (!schema.properties?.amount) continue;
        const amount = resolve(document, schema.properties.amount) ?? {};
        // A property that is money as a whole was looked at where Money stands; a dose in words is no money.
        if (amount.properties?.currency) continue;
        if (!schema.properties.currency && !types(amount).some((type) => ["integer", "number"].includes(type))) continue;
        if (!types(amount).includes("integer")) fault(at, "amount is no integer");
        if (!schema.properties.currency) fault(at, "is an amount without a currency");
      }
    },
  },
];
