//! Tests of the steps on small documents.
