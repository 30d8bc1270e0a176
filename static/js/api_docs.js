// Draws the API's reference, and lets a signed-in person try it with their own session.
const root = document.documentElement;
const place = document.getElementById("reference");
const system = matchMedia("(prefers-color-scheme: dark)");

// Swagger UI knows the dark by a class alone.
const paint = () => {
  const { theme } = root.dataset;
  root.classList.toggle("dark-mode", theme ? theme === "dark" : system.matches);
};
paint();
system.addEventListener("change", paint);

window.SwaggerUIBundle({
  url: place.dataset.schema,
  domNode: place,
  deepLinking: true,
  requestInterceptor: (request) => {
    if (new URL(request.url, location.href).origin === location.origin) {
      request.headers["X-CSRFToken"] = place.dataset.csrf;
    }
    return request;
  },
});
