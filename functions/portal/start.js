// Every address is relative to the page: on a laptop the API lives below a path of its own.
window.ui = SwaggerUIBundle({
  url: new URL("openapi.json", window.location.href).href,
  dom_id: "#swagger-ui",
  deepLinking: true,
  displayRequestDuration: true,
  filter: true,
  layout: "BaseLayout",
  presets: [SwaggerUIBundle.presets.apis],
  tagsSorter: "alpha",
  tryItOutEnabled: true,
  // The badge of the validator would send the document to somebody else.
  validatorUrl: null,
});
