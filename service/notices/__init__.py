"""How somebody who told us something is told that there is news: by mail, by text message, or by their browser."""
