//! The mistakes of one macro call, told all at once.

use std::fmt::Display;

use proc_macro2::TokenStream;
use quote::ToTokens;

/// Collects mistakes, so that a block is not corrected one compilation at a time.
#[derive(Debug, Default)]
pub(crate) struct Errors(Vec<syn::Error>);

impl Errors {
    /// Tells a mistake under the words at fault.
    pub(crate) fn at(&mut self, words: impl ToTokens, mistake: impl Display) {
        self.push(syn::Error::new_spanned(words, mistake));
    }

    pub(crate) fn push(&mut self, error: syn::Error) {
        self.0.push(error);
    }
}

impl ToTokens for Errors {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        for error in &self.0 {
            error.to_compile_error().to_tokens(tokens);
        }
    }
}
