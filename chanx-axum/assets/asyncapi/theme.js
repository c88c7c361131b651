// Light or dark: the system's choice until the reader makes another. Loaded
// apart from the rest and before the first paint, so that the page does not
// flash in the wrong one.

const KEY = 'chanx-theme';
const THEMES = ['auto', 'light', 'dark'];

/** Storage may be forbidden; the page works without it. */
function remembered() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

function remember(theme) {
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // Then the choice lasts as long as the page.
  }
}

let theme = THEMES.includes(remembered()) ? remembered() : 'auto';
document.documentElement.dataset.theme = theme;

/** Makes a button step through the themes. */
export function themeButton(button) {
  const show = () => {
    document.documentElement.dataset.theme = theme;
    button.textContent = theme;
    button.setAttribute('aria-label', `Theme: ${theme}`);
  };
  button.addEventListener('click', () => {
    theme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length];
    remember(theme);
    show();
  });
  show();
}
