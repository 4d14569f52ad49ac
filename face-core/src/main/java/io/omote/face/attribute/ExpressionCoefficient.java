// SPDX-License-Identifier: Apache-2.0
package io.omote.face.attribute;

/**
 * A movement of a part of a face, which {@link FaceMesh#coefficients} measures from 0 (none) to 1
 * (as far as it goes). Names and order are those of MediaPipe and ARKit. Left and right are the
 * person's.
 *
 * <p>A coefficient says how a face moves, not what a person feels. Immutable and thread-safe.
 */
public enum ExpressionCoefficient {
  /** No movement: close to 0 in practice, and without use. */
  NEUTRAL("_neutral"),

  /** The left eyebrow moves down. */
  BROW_DOWN_LEFT("browDownLeft"),

  /** The right eyebrow moves down. */
  BROW_DOWN_RIGHT("browDownRight"),

  /** The inner ends of both eyebrows move up. */
  BROW_INNER_UP("browInnerUp"),

  /** The outer end of the left eyebrow moves up. */
  BROW_OUTER_UP_LEFT("browOuterUpLeft"),

  /** The outer end of the right eyebrow moves up. */
  BROW_OUTER_UP_RIGHT("browOuterUpRight"),

  /** Both cheeks puff out. */
  CHEEK_PUFF("cheekPuff"),

  /** The left cheek moves up below the eye. */
  CHEEK_SQUINT_LEFT("cheekSquintLeft"),

  /** The right cheek moves up below the eye. */
  CHEEK_SQUINT_RIGHT("cheekSquintRight"),

  /** The lids of the left eye close. */
  EYE_BLINK_LEFT("eyeBlinkLeft"),

  /** The lids of the right eye close. */
  EYE_BLINK_RIGHT("eyeBlinkRight"),

  /** The left eye looks down. */
  EYE_LOOK_DOWN_LEFT("eyeLookDownLeft"),

  /** The right eye looks down. */
  EYE_LOOK_DOWN_RIGHT("eyeLookDownRight"),

  /** The left eye looks toward the nose. */
  EYE_LOOK_IN_LEFT("eyeLookInLeft"),

  /** The right eye looks toward the nose. */
  EYE_LOOK_IN_RIGHT("eyeLookInRight"),

  /** The left eye looks away from the nose. */
  EYE_LOOK_OUT_LEFT("eyeLookOutLeft"),

  /** The right eye looks away from the nose. */
  EYE_LOOK_OUT_RIGHT("eyeLookOutRight"),

  /** The left eye looks up. */
  EYE_LOOK_UP_LEFT("eyeLookUpLeft"),

  /** The right eye looks up. */
  EYE_LOOK_UP_RIGHT("eyeLookUpRight"),

  /** The lids of the left eye narrow. */
  EYE_SQUINT_LEFT("eyeSquintLeft"),

  /** The lids of the right eye narrow. */
  EYE_SQUINT_RIGHT("eyeSquintRight"),

  /** The lids of the left eye open wide. */
  EYE_WIDE_LEFT("eyeWideLeft"),

  /** The lids of the right eye open wide. */
  EYE_WIDE_RIGHT("eyeWideRight"),

  /** The lower jaw moves forward. */
  JAW_FORWARD("jawForward"),

  /** The lower jaw moves to the person's left. */
  JAW_LEFT("jawLeft"),

  /** The lower jaw moves down. */
  JAW_OPEN("jawOpen"),

  /** The lower jaw moves to the person's right. */
  JAW_RIGHT("jawRight"),

  /** The lips close while the jaw is open. */
  MOUTH_CLOSE("mouthClose"),

  /** The left corner of the mouth moves back. */
  MOUTH_DIMPLE_LEFT("mouthDimpleLeft"),

  /** The right corner of the mouth moves back. */
  MOUTH_DIMPLE_RIGHT("mouthDimpleRight"),

  /** The left corner of the mouth moves down. */
  MOUTH_FROWN_LEFT("mouthFrownLeft"),

  /** The right corner of the mouth moves down. */
  MOUTH_FROWN_RIGHT("mouthFrownRight"),

  /** The lips form an open funnel. */
  MOUTH_FUNNEL("mouthFunnel"),

  /** Both lips move to the person's left. */
  MOUTH_LEFT("mouthLeft"),

  /** The left half of the lower lip moves down. */
  MOUTH_LOWER_DOWN_LEFT("mouthLowerDownLeft"),

  /** The right half of the lower lip moves down. */
  MOUTH_LOWER_DOWN_RIGHT("mouthLowerDownRight"),

  /** The lips press together on the left. */
  MOUTH_PRESS_LEFT("mouthPressLeft"),

  /** The lips press together on the right. */
  MOUTH_PRESS_RIGHT("mouthPressRight"),

  /** The closed lips pucker. */
  MOUTH_PUCKER("mouthPucker"),

  /** Both lips move to the person's right. */
  MOUTH_RIGHT("mouthRight"),

  /** The lower lip rolls inward. */
  MOUTH_ROLL_LOWER("mouthRollLower"),

  /** The upper lip rolls inward. */
  MOUTH_ROLL_UPPER("mouthRollUpper"),

  /** The lower lip moves up. */
  MOUTH_SHRUG_LOWER("mouthShrugLower"),

  /** The upper lip moves up. */
  MOUTH_SHRUG_UPPER("mouthShrugUpper"),

  /** The left corner of the mouth moves up. */
  MOUTH_SMILE_LEFT("mouthSmileLeft"),

  /** The right corner of the mouth moves up. */
  MOUTH_SMILE_RIGHT("mouthSmileRight"),

  /** The left corner of the mouth moves outward. */
  MOUTH_STRETCH_LEFT("mouthStretchLeft"),

  /** The right corner of the mouth moves outward. */
  MOUTH_STRETCH_RIGHT("mouthStretchRight"),

  /** The left half of the upper lip moves up. */
  MOUTH_UPPER_UP_LEFT("mouthUpperUpLeft"),

  /** The right half of the upper lip moves up. */
  MOUTH_UPPER_UP_RIGHT("mouthUpperUpRight"),

  /** The left side of the nose moves up. */
  NOSE_SNEER_LEFT("noseSneerLeft"),

  /** The right side of the nose moves up. */
  NOSE_SNEER_RIGHT("noseSneerRight");

  private final String label;

  ExpressionCoefficient(String label) {
    this.label = label;
  }

  /**
   * Returns the name that MediaPipe and ARKit use.
   *
   * @return the name, such as {@code eyeBlinkLeft}
   */
  public String label() {
    return label;
  }
}
