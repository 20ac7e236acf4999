// What the OpenAPI standard and common sense ask, judged by Redocly's linter as a library: no network, no telemetry.

import { createConfig, lintFromString } from "@redocly/openapi-core";

const config = await createConfig({
  extends: ["recommended"],
  rules: {
    // Said by rules of the house, or about nothing that we have.
    "info-license": "off",
    "info-license-url": "off",
    "info-license-strict": "off",
    "operation-4xx-response": "off",
    "operation-operationId": "off",
    "tag-description": "off",
    "security-defined": "off",
    "no-server-example.com": "off",
    "no-empty-servers": "off",
    // GET /v1/cases/counts beside GET /v1/cases/{case_id}: ids have a prefix, so nothing is ambiguous.
    "no-ambiguous-paths": "off",
    "no-invalid-media-type-examples": "error",
    "no-invalid-schema-examples": "error",
    "no-unused-components": "error",
    "path-parameters-defined": "error",
    "no-identical-paths": "error",
    "no-path-trailing-slash": "error",
    "spec-components-invalid-map-name": "error",
  },
});

/** Breaches of the standard: [{rule, at, what}]. */
export async function standard(text) {
  const found = await lintFromString({ source: text, absoluteRef: "openapi.json", config });
  return found.map(({ ruleId, message, location }) => ({ rule: `standard/${ruleId}`, at: location[0]?.pointer ?? "", what: message.replaceAll("\n", " ") }));
}
