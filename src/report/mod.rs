//! Renderers of result types. Where a result came from is not known here.
