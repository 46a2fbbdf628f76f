"""What somebody said yes to: for one use, in one wording, from a day on, until a day or until they take it back."""
