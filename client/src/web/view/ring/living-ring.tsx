// The living picture of the ring: what it shows, and how one moves about in it, with a pointer or with keys.

import { computed } from '@preact/signals';
import { useMemo, useRef } from 'preact/hooks';
import type { RingStage } from '../../model/ring-stage.ts';
import { itemAt, layoutOf, viewBox, ZOOMS } from '../../text/ring/layout.ts';
import { type Item, itemsOf, lookedLine, lookedText } from '../../text/ring/looked.ts';
import { momentText } from '../../text/ring/moment-text.ts';
import type { Scene } from '../../text/ring/scene.ts';
import type { Point } from '../../text/ring-geometry.ts';
import { ringFraction } from '../../text/ring-geometry.ts';
import { livingWords } from '../../text/words/en/living.ts';
import { ringWords } from '../../text/words/en/ring.ts';
import { Card } from '../card.tsx';
import { Legend } from './legend.tsx';
import { PlayerControls } from './player-controls.tsx';
import { RingDrawing, RingMotion } from './ring-drawing.tsx';
import type { StageProps } from './ring-place.tsx';

export function LivingRing({ stage }: StageProps) {
  const shown = stage.player.shown.value;
  return (
    <Card id="ring" title={ringWords().ring} note={ringWords().ringNote}>
      <Stage stage={stage} />
      <p class="caption" id="ring-caption">
        {shown === undefined ? livingWords().nothingYet : momentText(shown).text}
      </p>
      <PlayerControls stage={stage} />
      <ViewControls stage={stage} />
      <Legend stage={stage} />
    </Card>
  );
}

function Stage({ stage }: StageProps) {
  const words = livingWords();
  const svg = useRef<SVGSVGElement>(null);
  const layout = useMemo(
    () => computed(() => layoutOf(stage.scene.value, stage.zoom.value, stage.chosen.value)),
    [stage],
  );
  const scene = stage.scene.value;
  const zoom = stage.zoom.value;
  const items = itemsOf(scene);
  const chosen = stage.chosen.value;
  const place = items.findIndex(({ id, kind }) => id === chosen?.id && kind === chosen.kind);
  const under = ({ clientX, clientY }: MouseEvent): Item | undefined => {
    const point = pointIn(svg.current, clientX, clientY);
    return point && itemAt(layout.peek(), point, zoom);
  };
  const focus = chosen?.fraction ?? ringFraction(stage.facts.value.nodeId);
  return (
    <>
      <p class="for-ears" id="ring-text">
        {sceneText(scene, stage.facts.value.heldCount)}
      </p>
      {/* Round as it is, it is a slider: its value is what one looks at. */}
      <div
        class="ring-stage"
        role="slider"
        tabIndex={0}
        aria-label={words.goRound}
        aria-describedby="ring-text"
        aria-valuemin={0}
        aria-valuemax={items.length}
        aria-valuenow={place + 1}
        aria-valuetext={chosenLine(stage)}
        onKeyDown={(event) => {
          if (press(event, stage)) event.preventDefault();
        }}
        onPointerMove={(event) => {
          stage.hovered.value = event.pointerType === 'mouse' ? under(event) : undefined;
        }}
        onPointerLeave={() => {
          stage.hovered.value = undefined;
        }}
        onClick={(event) => {
          stage.chosen.value = under(event);
        }}
      >
        <svg
          ref={svg}
          class="ring"
          viewBox={viewBox(zoom, focus)}
          style={{ '--unit': String(1 / zoom) }}
          aria-hidden="true"
          data-moment={stage.player.shown.value?.number}
        >
          <RingDrawing stage={stage} layout={layout.value} />
        </svg>
        <svg
          class="ring ring-motion"
          viewBox={viewBox(zoom, focus)}
          style={{ '--unit': String(1 / zoom) }}
          aria-hidden="true"
        >
          <RingMotion stage={stage} layout={layout.value} />
        </svg>
      </div>
    </>
  );
}

function ViewControls({ stage }: StageProps) {
  const words = livingWords();
  const zoom = stage.zoom.value;
  return (
    <div class="actions view-controls">
      <button type="button" class="quiet" disabled={zoom === ZOOMS.at(-1)} onClick={() => stage.zoomBy(1)}>
        {words.zoomIn}
      </button>
      <button type="button" class="quiet" disabled={zoom === ZOOMS[0]} onClick={() => stage.zoomBy(-1)}>
        {words.zoomOut}
      </button>
      <button
        type="button"
        class="quiet"
        onClick={({ currentTarget }) => {
          stage.isProjected.value = !stage.isProjected.value;
          // The page has another size now.
          requestAnimationFrame(() => currentTarget.closest('.card')?.scrollIntoView({ block: 'start' }));
        }}
      >
        {stage.isProjected.value ? words.projectorOff : words.projector}
      </button>
    </div>
  );
}

/** True if the key means something here. */
function press({ key }: KeyboardEvent, stage: RingStage): boolean {
  switch (key) {
    case 'ArrowRight':
    case 'ArrowDown':
      stage.goRound(1);
      return true;
    case 'ArrowLeft':
    case 'ArrowUp':
      stage.goRound(-1);
      return true;
    case 'Home':
      stage.letGo();
      stage.goRound(0);
      return true;
    case '+':
      stage.zoomBy(1);
      return true;
    case '-':
      stage.zoomBy(-1);
      return true;
    case '.':
      stage.player.step(1);
      return true;
    case ',':
      stage.player.step(-1);
      return true;
    case 'Escape':
      stage.letGo();
      stage.isProjected.value = false;
      return true;
    default:
      return false;
  }
}

function chosenLine(stage: RingStage): string {
  const chosen = stage.chosen.value;
  const text = chosen && lookedText(chosen, stage.scene.value, stage.facts.value);
  return text === undefined ? livingWords().nothingLooked : lookedLine(text);
}

function sceneText({ nodes }: Scene, blocks: number): string {
  const count = (role: string): number => nodes.filter((node) => node.role === role).length;
  const links = nodes.filter(({ link }) => ['direct', 'turn', 'server', 'open'].includes(link)).length;
  return livingWords().picture(count('leaf'), count('known'), count('heard'), links, blocks);
}

/** From pixels of the window to units of the picture. */
function pointIn(svg: SVGSVGElement | null, x: number, y: number): Point | undefined {
  const matrix = svg?.getScreenCTM();
  return matrix === null || matrix === undefined ? undefined : new DOMPoint(x, y).matrixTransform(matrix.inverse());
}
