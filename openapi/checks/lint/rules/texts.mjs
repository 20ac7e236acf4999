// What a reader needs: version, tags, texts, examples.

import { allSchemas, bodies, isJson, isObject, operations, pointer, resolve, responses } from "../document.mjs";
import { faultsOf } from "../validate.mjs";

/** The examples of a media type or parameter: [value, where]. */
function examplesOf(document, holder, at) {
  const found = [];
  if (holder && "example" in holder) found.push([holder.example, at + "/example"]);
  for (const [name, one] of Object.entries(holder?.examples ?? {})) found.push([resolve(document, one)?.value, at + pointer("examples", name)]);
  return found;
}

const blank = (text) => typeof text !== "string" || text.trim() === "";

export default [
  {
    name: "not-empty",
    says: "There is something to judge.",
    check(document, fault) {
      if ([...operations(document)].length === 0) fault("/paths", "has no operation");
    },
  },
  {
    name: "version-3-1-0",
    says: "The document is OpenAPI 3.1.0.",
    check(document, fault) {
      if (document.openapi !== "3.1.0") fault("/openapi", `is “${document.openapi}”`);
    },
  },
  {
    name: "one-tag",
    says: "Every operation has exactly one tag, and the tag is described.",
    check(document, fault) {
      const known = new Map((document.tags ?? []).map((tag) => [tag.name, tag]));
      for (const { operation, at } of operations(document)) {
        const tags = operation.tags ?? [];
        if (tags.length !== 1) fault(at, `has ${tags.length} tags`);
        for (const tag of tags) if (blank(known.get(tag)?.description)) fault(at, `tag “${tag}” has no description under /tags`);
      }
    },
  },
  {
    name: "summary-and-description",
    says: "Every operation has a summary and a description, every parameter, response and header a description.",
    check(document, fault) {
      for (const found of operations(document)) {
        const { operation, parameters, at } = found;
        if (blank(operation.summary)) fault(at, "has no summary");
        if (blank(operation.description)) fault(at, "has no description");
        for (const one of parameters) if (blank(one.description)) fault(at, `parameter “${one.name}” has no description`);
        for (const { response, at: place } of responses(document, found)) {
          if (blank(response.description)) fault(place, "has no description");
          for (const [name, one] of Object.entries(response.headers ?? {})) {
            if (blank(resolve(document, one)?.description)) fault(place + pointer("headers", name), "has no description");
          }
        }
      }
    },
  },
  {
    name: "property-description",
    says: "Every property has a description.",
    check(document, fault) {
      for (const [schema, at] of allSchemas(document)) {
        for (const [name, property] of Object.entries(schema.properties ?? {})) {
          if (blank(property.description)) fault(at + pointer("properties", name), "has no description");
        }
      }
    },
  },
  {
    name: "schema-description",
    says: "Every named schema has a description.",
    check(document, fault) {
      for (const [name, schema] of Object.entries(document.components?.schemas ?? {})) {
        if (blank(schema.description)) fault(pointer("components", "schemas", name), "has no description");
      }
    },
  },
  {
    name: "examples-present",
    says: "Every JSON body has an example.",
    check(document, fault) {
      for (const { body, mediaType, at } of bodies(document)) {
        if (isJson(mediaType) && examplesOf(document, body, at).length === 0) fault(at, "has no example");
      }
    },
  },
  {
    name: "examples-validate",
    says: "Every example (of bodies, parameters and schemas) fits its schema, formats included.",
    check(document, fault) {
      const judge = (value, schema, at) => {
        for (const one of faultsOf(document, schema, value)) fault(at, one);
      };
      for (const { body, mediaType, at } of bodies(document)) {
        if (isJson(mediaType) && isObject(body.schema)) for (const [value, place] of examplesOf(document, body, at)) judge(value, body.schema, place);
      }
      for (const { parameters, at } of operations(document)) {
        for (const one of parameters) {
          for (const [value, place] of examplesOf(document, one, at + pointer("parameters", one.name))) judge(value, one.schema, place);
        }
      }
      for (const [schema, at] of allSchemas(document)) {
        if ("example" in schema) judge(schema.example, schema, at + "/example");
        for (const [index, value] of (Array.isArray(schema.examples) ? schema.examples : []).entries()) judge(value, schema, at + pointer("examples", index));
      }
    },
  },
  {
    name: "security-stated",
    says: "Every operation states its own security: [] if public, else a known scheme with scopes resource:action.",
    check(document, fault) {
      const schemes = Object.keys(document.components?.securitySchemes ?? {});
      for (const { operation, at, path } of operations(document)) {
        if (!Array.isArray(operation.security)) {
          fault(at, "does not state its security");
          continue;
        }
        for (const [scheme, scopes] of operation.security.flatMap((one) => Object.entries(one))) {
          if (!schemes.includes(scheme)) fault(at, `names the unknown security scheme “${scheme}”`);
          if (path.startsWith("/v1/") && scopes.length === 0) fault(at, "names no scope");
          for (const scope of scopes) if (!/^[a-z_-]+:[a-z_-]+$/.test(scope)) fault(at, `scope “${scope}” is not resource:action`);
        }
      }
    },
  },
  {
    name: "open-lists",
    says: "The codes of problems grow: strings with the words “Open list”, never an enum.",
    check(document, fault) {
      for (const name of ["Problem", "ProblemFault"]) {
        const code = document.components?.schemas?.[name]?.properties?.code;
        if (!code) continue;
        const at = pointer("components", "schemas", name, "properties", "code");
        if (resolve(document, code).enum) fault(at, "is a closed enum");
        if (!/open list/i.test(code.description ?? "")) fault(at, "does not say “Open list”");
      }
    },
  },
];
