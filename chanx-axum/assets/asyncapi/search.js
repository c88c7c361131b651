// Filters channels and operations by the words that stand in them.

/** `{reveal(element)}`, which clears a search that hides what is linked to. */
export function search(input, found, navigation, sections) {
  const channels = sections.map((section) => ({
    section,
    words: textOf(section.querySelector('.about')),
    articles: [...section.querySelectorAll('.operation')].map((article) => ({ article, words: textOf(article) })),
  }));

  const filter = () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    const shown = channels.filter((channel) => filterChannel(channel, words)).length;
    for (const item of navigation.querySelectorAll('[data-for]')) item.hidden = Boolean(document.getElementById(item.dataset.for)?.closest('[hidden]'));
    navigation.classList.toggle('searching', words.length > 0);
    found.textContent = words.length ? `${shown} of ${channels.length} channels` : '';
  };

  const clear = () => {
    input.value = '';
    filter();
  };

  input.addEventListener('input', filter);
  input.addEventListener('keydown', (event) => event.key === 'Escape' && clear());
  addEventListener('keydown', (event) => {
    if (event.key !== '/' || event.target.closest('input, textarea, select')) return;
    event.preventDefault();
    input.focus();
  });
  return { reveal: (element) => element.closest('[hidden]') && clear() };
}

/** A channel that fits shows all of itself, any other what of it fits. */
function filterChannel({ section, words, articles }, wanted) {
  const whole = contains(words, wanted);
  for (const { article, words: own } of articles) article.hidden = !whole && !contains(`${words} ${own}`, wanted);
  section.hidden = !whole && articles.every(({ article }) => article.hidden);
  return !section.hidden;
}

function contains(text, words) {
  return words.every((word) => text.includes(word));
}

function textOf(element) {
  return element.textContent.toLowerCase();
}
