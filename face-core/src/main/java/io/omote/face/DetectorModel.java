// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

/**
 * The description of a detector's files; each family of detectors has its own. Immutable and
 * thread-safe.
 */
public sealed interface DetectorModel permits ScrfdModel, UltraLightModel {}
