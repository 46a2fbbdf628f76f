"""Finding what was said by its words: messages, answers, stories, promises and what became of them."""
