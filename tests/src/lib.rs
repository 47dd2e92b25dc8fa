//! dichterbij-tests
