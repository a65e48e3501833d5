import { describe, expect, test } from 'vitest';
import { type Coordinate, UNKNOWN_COORDINATE } from '../../src/core/pastry/node-handle.ts';
import { CoordinateFitting, FOUNDER_COORDINATE } from '../../src/core/pastry/proximity/coordinate-fitting.ts';
import { isPlaced, moved, predictedRtt } from '../../src/core/pastry/proximity/vivaldi.ts';

function at(x: number, y: number, height = 0, error = 0.1): Coordinate {
  return { x, y, height, error };
}

describe('network coordinates', () => {
  test('predict the distance on the plane plus both heights', () => {
    expect(predictedRtt(at(0, 0), at(30, 40))).toBe(50);
    expect(predictedRtt(at(0, 0, 5), at(30, 40, 7))).toBe(62);
  });

  test('a node is placed once its error is below one, a founder from the start', () => {
    expect(isPlaced(UNKNOWN_COORDINATE)).toBe(false);
    expect(isPlaced(FOUNDER_COORDINATE)).toBe(true);
  });

  test('a sample moves a node towards the distance measured, and never all the way', () => {
    const remote = at(100, 0);
    for (const rttMs of [10, 50, 200, 500]) {
      const before = at(0, 0, 0, 0.5);
      const after = moved(before, remote, rttMs, 0);
      const missBefore = Math.abs(predictedRtt(before, remote) - rttMs);
      expect(Math.abs(predictedRtt(after, remote) - rttMs)).toBeLessThan(missBefore);
      expect(after.height).toBeGreaterThanOrEqual(0);
      expect(after.error).toBeLessThan(1);
    }
  });

  test('a sure node moves less than an unsure one', () => {
    const shift = (error: number): number => moved(at(0, 0, 0, error), at(100, 0, 0, 0.2), 200, 0).x;
    expect(Math.abs(shift(0.05))).toBeLessThan(Math.abs(shift(0.8)));
  });

  test('two nodes at one place part in the direction that chance gives', () => {
    const angle = 1;
    const after = moved(at(5, 5), at(5, 5), 100, angle);
    expect(Math.atan2(after.y - 5, after.x - 5)).toBeCloseTo(angle);
  });
});

describe('coordinate fitting', () => {
  test('a newcomer finds its place from a dozen round trips', () => {
    const truth = { x: 37, y: -80 };
    const fitting = new CoordinateFitting();
    let own: Coordinate = UNKNOWN_COORDINATE;
    const others = Array.from({ length: 12 }, (_, index) =>
      at(200 * Math.cos(index), 150 * Math.sin(index * 1.7), 0, 0.05),
    );
    others.forEach((remote, index) => {
      own = fitting.after(own, remote, Math.hypot(truth.x - remote.x, truth.y - remote.y), index);
    });
    expect(Math.hypot(own.x - truth.x, own.y - truth.y)).toBeLessThan(10);
    expect(own.error).toBeLessThan(0.1);
  });

  test('nodes that have no place themselves teach nothing', () => {
    expect(new CoordinateFitting().after(UNKNOWN_COORDINATE, UNKNOWN_COORDINATE, 50, 0)).toBe(UNKNOWN_COORDINATE);
  });

  test('after few samples a node is still unsure', () => {
    const own = new CoordinateFitting().after(UNKNOWN_COORDINATE, at(0, 0), 50, 0);
    expect(isPlaced(own)).toBe(true);
    expect(own.error).toBeGreaterThan(0.2);
  });
});
