// Walks over an OpenAPI 3.1 document. Everything here yields values together with the JSON Pointer where they stand.

export const METHODS = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

export const pointer = (...parts) => parts.map((part) => "/" + String(part).replaceAll("~", "~0").replaceAll("/", "~1")).join("");

export const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

export const isJson = (mediaType) => /[/+]json$/.test(mediaType);

/** Follows `$ref` (inside the document only) to the value meant. */
export function resolve(document, value) {
  const seen = new Set();
  while (isObject(value) && typeof value.$ref === "string" && value.$ref.startsWith("#/") && !seen.has(value.$ref)) {
    seen.add(value.$ref);
    value = value.$ref
      .slice(2)
      .split("/")
      .map((part) => decodeURIComponent(part).replaceAll("~1", "/").replaceAll("~0", "~"))
      .reduce((node, part) => node?.[part], document);
  }
  return value;
}

/** Every operation: {path, method, operation, at}. */
export function* operations(document) {
  for (const [path, item] of Object.entries(document.paths ?? {})) {
    for (const method of METHODS) {
      if (isObject(item[method])) {
        const own = item[method];
        const parameters = [...(item.parameters ?? []), ...(own.parameters ?? [])].map((one) => resolve(document, one));
        yield { path, method, operation: own, parameters, at: pointer("paths", path, method), name: own.operationId ?? `${method} ${path}` };
      }
    }
  }
}

/** Operations of the product, without /healthz, /docs and their like. */
export function* productOperations(document) {
  for (const found of operations(document)) if (found.path.startsWith("/v1/")) yield found;
}

/** Every response of an operation: {status, response, at}. */
export function* responses(document, found) {
  for (const [status, one] of Object.entries(found.operation.responses ?? {})) {
    yield { status, response: resolve(document, one) ?? {}, at: found.at + pointer("responses", status) };
  }
}

/** Every body with its media type: {body, mediaType, at, direction: "request" | "response", status, found}. */
export function* bodies(document) {
  for (const found of operations(document)) {
    const request = resolve(document, found.operation.requestBody);
    for (const [mediaType, body] of Object.entries(request?.content ?? {})) {
      yield { body, mediaType, at: found.at + pointer("requestBody", "content", mediaType), direction: "request", found };
    }
    for (const { status, response, at } of responses(document, found)) {
      for (const [mediaType, body] of Object.entries(response.content ?? {})) {
        yield { body, mediaType, at: at + pointer("content", mediaType), direction: "response", status, found };
      }
    }
  }
}

/** The schema and all schemas inside it, not through `$ref`: [schema, pointer, property name or undefined]. */
export function* within(schema, at, property) {
  if (!isObject(schema)) return;
  yield [schema, at, property];
  for (const key of ["properties", "patternProperties", "$defs", "dependentSchemas"]) {
    for (const [name, one] of Object.entries(schema[key] ?? {})) {
      yield* within(one, at + pointer(key, name), key === "properties" ? name : undefined);
    }
  }
  for (const key of ["items", "additionalProperties", "unevaluatedProperties", "not", "if", "then", "else", "contains", "propertyNames"]) {
    yield* within(schema[key], at + pointer(key), key === "items" ? property : undefined);
  }
  for (const key of ["allOf", "anyOf", "oneOf", "prefixItems"]) {
    for (const [index, one] of (schema[key] ?? []).entries()) yield* within(one, at + pointer(key, index), property);
  }
}

/** Every schema that stands in the document, named or not: [schema, pointer, name of the property that it describes]. */
export function* allSchemas(document) {
  for (const [name, schema] of Object.entries(document.components?.schemas ?? {})) {
    yield* within(schema, pointer("components", "schemas", name));
  }
  for (const { body, at } of bodies(document)) yield* within(body.schema, at + pointer("schema"));
  for (const { parameters, at } of operations(document)) {
    for (const parameter of parameters) yield* within(parameter.schema, at + pointer("parameters", parameter.name), parameter.name);
  }
}

/** Schemas that bodies of one direction reach, through `$ref` too: Map from pointer to schema. */
export function reached(document, direction) {
  const found = new Map();
  const visit = (schema, at) => {
    for (const [one, place] of within(schema, at)) {
      if (found.has(place)) continue;
      found.set(place, one);
      if (typeof one.$ref === "string" && !found.has(one.$ref.slice(1))) visit(resolve(document, one), one.$ref.slice(1));
    }
  };
  for (const { body, at, direction: own, mediaType } of bodies(document)) {
    if (own === direction && (isJson(mediaType) || mediaType.startsWith("multipart/"))) visit(body.schema, at + "/schema");
  }
  return found;
}

export const types = (schema) => (Array.isArray(schema.type) ? schema.type : schema.type === undefined ? [] : [schema.type]);

export const hasProperties = (schema) => isObject(schema.properties) && Object.keys(schema.properties).length > 0;

export const nullBranch = (schema) => isObject(schema) && schema.type === "null";

export const header = (parameters, name) => parameters.find((one) => one.in === "header" && one.name.toLowerCase() === name.toLowerCase());
