//! The HTTP listener: routes, authentication, limits, answers
