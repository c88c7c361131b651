//! `#[derive(Consumer)]`, `#[derive(Connect)]` and `#[derive(Part)]`: a consumer without
//! hooks, one that asks nothing of the request, and a part without hooks.

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

const PART: Grammar = Grammar {
    attribute: "part",
    keys: &[Key::once("crate", "crate = path")],
};

pub(crate) fn consumer(input: TokenStream) -> TokenStream {
    derive(input, &CONSUMER, |input, root| {
        without_hooks(input, &quote!(#root::Consumer))
    })
}

pub(crate) fn part(input: TokenStream) -> TokenStream {
    derive(input, &PART, |input, root| {
        without_hooks(input, &quote!(#root::Part))
    })
}

/// The impl of a trait in which every hook has a default.
fn without_hooks(input: &DeriveInput, of: &TokenStream) -> TokenStream {
    let DeriveInput { ident, .. } = input;
    let (generics, arguments, bounds) = input.generics.split_for_impl();
    quote!(impl #generics #of for #ident #arguments #bounds {})
}

pub(crate) fn connect(input: TokenStream) -> TokenStream {
    derive(input, &CONSUMER, |input, root| {
        let DeriveInput { ident, .. } = input;
        let (generics, arguments, bounds) = input.generics.split_for_impl();
        let span = ident.span();
        let respanned = spans::respanned(root, span);
        let default = quote_spanned!(span=> <Self as #respanned::#PRIVATE::Default>::default());
        quote! {
            impl #generics #root::Connect for #ident #arguments #bounds {
                type Handshake = ();

                async fn connect(
                    (): (),
                ) -> #root::#PRIVATE::Result<Self, #root::Rejection> {
                    #root::#PRIVATE::Ok(#default)
                }
            }
        }
    })
}

fn derive(
    input: TokenStream,
    grammar: &Grammar,
    implementation: fn(&DeriveInput, &Path) -> TokenStream,
) -> TokenStream {
    let mut errors = Errors::default();

    let input: DeriveInput = match syn::parse2(input) {
        Ok(input) => input,
        Err(error) => return error.to_compile_error(),
    };
    let args = grammar.read_helpers(&input.attrs, &mut errors);
    let root = args.path("crate", &mut errors);
    if let Data::Union(data) = &input.data {
        errors.at(
            data.union_token,
            format!("a {} is a struct", grammar.attribute),
        );
    }

    let lints = deprecation::silence(&input.attrs);
    let root = root.unwrap_or_else(|| parse_quote!(::chanx));
    let implementation = implementation(&input, &root);
    quote! {
        #errors

        #[automatically_derived]
        #lints
        #implementation
    }
}
