// SPDX-License-Identifier: Apache-2.0
/** A web page that demonstrates the library, and its JSON API over HTTP. */
@NullMarked
package io.omote.face.cli.web;

import org.jspecify.annotations.NullMarked;
