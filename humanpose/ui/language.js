// The page says in which language it is, and the browser remembers it if it was chosen.

export default function ({ data: { name, language } }) {
  const page = document.documentElement;
  const before = page.dataset.hpLanguage;
  page.dataset.hpLanguage = page.lang = language;
  if (before && before !== language) {
    const secure = location.protocol === "https:" ? "; Secure" : "";
    document.cookie = `${name}=${language}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
  }
}
