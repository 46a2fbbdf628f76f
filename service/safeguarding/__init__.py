"""The lane for what cannot wait: somebody may come to harm, or a worker is said to have done wrong. Few read it, and who does is kept."""
