"""Who may read what people said: what is held until somebody looked, what was decided and why, what was taken out, who disagrees."""
