// SPDX-License-Identifier: Apache-2.0
/** A web page, and the JSON over HTTP under it, to look at what the library does. */
@NullMarked
package io.omote.face.cli.web;

import org.jspecify.annotations.NullMarked;
