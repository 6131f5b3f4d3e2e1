//! Nothing: the subject is in `tests/`.
