// "Try it": asks what the form holds of the server that served the page.
for (const form of document.querySelectorAll("form[data-try]")) {
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const output = form.querySelector("output");
    output.textContent = "…";
    let path = form.dataset.path;
    const query = new URLSearchParams();
    for (const field of form.querySelectorAll("input")) {
      if (field.dataset.in === "path") {
        path = path.replace(`{${field.name}}`, encodeURIComponent(field.value));
      } else if (field.value !== "") {
        query.append(field.name, field.value);
      }
    }
    const body = form.querySelector("textarea");
    const options = { method: form.dataset.try };
    if (body) {
      options.body = body.value;
      options.headers = { "Content-Type": "application/json" };
    }
    const address = query.size ? `${path}?${query}` : path;
    try {
      const response = await fetch(address, options);
      const text = await response.text();
      let told = text;
      try {
        told = JSON.stringify(JSON.parse(text), null, 2);
      } catch {
        // It is no JSON, and is shown as it came.
      }
      output.textContent = `${response.status} ${response.statusText}\n${told}`;
    } catch (error) {
      output.textContent = String(error);
    }
  });
}
