//! `#[derive(Consumer)]`: a consumer that asks nothing of the request.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::{Data, DeriveInput, Path, parse_quote};

use crate::{
    args::{Grammar, Key},
    deprecation,
    errors::Errors,
    private::PRIVATE,
    spans,
};

const CONSUMER: Grammar = Grammar {
    attribute: "consumer",
    keys: &[Key::once("crate", "crate = path")],
};

pub(crate) fn derive(input: TokenStream) -> TokenStream {
    let mut errors = Errors::default();

    let input: DeriveInput = match syn::parse2(input) {
        Ok(input) => input,
        Err(error) => return error.to_compile_error(),
    };
    let args = CONSUMER.read_helpers(&input.attrs, &mut errors);
    let root = args.path("crate", &mut errors);
    if let Data::Union(data) = &input.data {
        errors.at(data.union_token, "a consumer is a struct");
    }

    let consumer = expand(&input, &root.unwrap_or_else(|| parse_quote!(::chanx)));
    quote! { #errors #consumer }
}

fn expand(input: &DeriveInput, root: &Path) -> TokenStream {
    let ident = &input.ident;
    let lints = deprecation::silence(&input.attrs);
    let (generics, arguments, bounds) = input.generics.split_for_impl();
    let span = ident.span();
    let moved = spans::moved(root, span);
    let default = quote_spanned!(span=> <Self as #moved::#PRIVATE::Default>::default());
    quote! {
        #[automatically_derived]
        #lints
        impl #generics #root::Consumer for #ident #arguments #bounds {
            type Handshake = ();

            async fn connect(
                (): Self::Handshake,
            ) -> #root::#PRIVATE::Result<Self, #root::Rejection> {
                #root::#PRIVATE::Ok(#default)
            }
        }
    }
}
