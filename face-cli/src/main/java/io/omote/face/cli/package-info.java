// SPDX-License-Identifier: Apache-2.0
/**
 * The {@code omote} command. {@link Omote} lists its commands, each of which is a class of the same
 * name. Commands share options ({@link ModelOptions}, {@link DrawingOptions}, {@link
 * GalleryArgument}, ...) and support: {@link Commands} runs them, {@link
 * io.omote.face.cli.files.Outputs} protects existing files, {@link Progress} shows progress, and
 * {@link ShutdownSignal} ends them in an orderly way.
 */
@NullMarked
package io.omote.face.cli;

import org.jspecify.annotations.NullMarked;
