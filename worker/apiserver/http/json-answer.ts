/** A document that is no object of the API, as JSON. */
export const jsonAnswer = (value: unknown): Response =>
  Response.json(value, { headers: { "cache-control": "no-cache, private" } });
