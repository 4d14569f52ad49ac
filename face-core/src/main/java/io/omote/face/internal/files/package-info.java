// SPDX-License-Identifier: Apache-2.0
/** Files: names on a command line or in a folder, reading images, writing new files. */
@NullMarked
package io.omote.face.internal.files;

import org.jspecify.annotations.NullMarked;
